internal import FoundationEssentials
internal import Glibc

/// What the operating system says of this process, under the names that Prometheus' own clients use.
enum ProcessMetrics {
    static func append(to text: inout PrometheusText) {
        var usage = rusage()
        if unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
            let microseconds = Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)
            text.begin("process_cpu_seconds_total", .counter)
            text.line("process_cpu_seconds_total", "", Double(seconds) + Double(microseconds) / 1_000_000)
        }
        if let bytes = residentBytes() {
            text.begin("process_resident_memory_bytes", .gauge)
            text.line("process_resident_memory_bytes", "", Double(bytes))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text.begin("process_open_fds", .gauge)
            text.line("process_open_fds", "", Double(files.count))
        }
    }

    /// The second number of `statm`, in pages.
    private static func residentBytes() -> Int? {
        guard let content = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
        let numbers = String(decoding: content, as: UTF8.self).split(separator: " ")
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
