internal import Glibc

/// A moment of the wall clock, for people and logs.
struct WallTime: Hashable, Sendable {
    /// Microseconds since 1970-01-01 UTC.
    let microseconds: Int64

    /// A moment so many microseconds after the beginning of 1970, UTC.
    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    static var now: WallTime {
        var time = timespec()
        // Cannot fail for this clock.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// As in `2026-11-23T03:12:45.123456Z`.
    var utc: String {
        let date = CalendarDate(self, isLocal: false)
        return "\(date.day)T\(date.timeOfDay).\(fraction(6))Z"
    }

    /// As in `2026-11-23 03:12:45.123`, where the machine is.
    var local: String {
        let date = CalendarDate(self, isLocal: true)
        return "\(date.day) \(date.timeOfDay).\(fraction(3))"
    }

    /// As in `03:12:45.123`, where the machine is.
    var localTimeOfDay: String {
        "\(CalendarDate(self, isLocal: true).timeOfDay).\(fraction(3))"
    }

    private func fraction(_ digits: Int) -> String {
        String(padded(microseconds % 1_000_000, to: 6).prefix(digits))
    }
}

/// A moment as calendar and clock show it.
private struct CalendarDate {
    /// As in `2026-11-23`.
    let day: String
    /// As in `03:12:45`.
    let timeOfDay: String

    init(_ time: WallTime, isLocal: Bool) {
        var seconds = time_t(time.microseconds / 1_000_000)
        var parts = unsafe tm()
        if isLocal {
            unsafe localtime_r(&seconds, &parts)
        } else {
            unsafe gmtime_r(&seconds, &parts)
        }
        let (year, month, date) = unsafe (parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday)
        let (hour, minute, second) = unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
        day = "\(year)-\(padded(month, to: 2))-\(padded(date, to: 2))"
        timeOfDay = [hour, minute, second].map { padded($0, to: 2) }.joined(separator: ":")
    }
}

private func padded(_ number: some BinaryInteger, to width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
