import Glibc

/// One line of the report.
struct Figure: CustomStringConvertible {
    let name: String
    let value: String

    var description: String { name + String(repeating: " ", count: max(1, 64 - name.count)) + value }
}

/// The processor time that this process has used, all threads together.
func processorTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// The median processor time of one call, over batches that last some 20 ms each.
func medianTime(batches: Int = 25, of body: () throws -> Void) rethrows -> Duration {
    var count = 1
    while try time(count, body) < .milliseconds(20) { count *= 2 }
    let times = try (0..<batches).map { _ in try time(count, body) / count }.sorted()
    return times[times.count / 2]
}

private func time(_ count: Int, _ body: () throws -> Void) rethrows -> Duration {
    let begun = processorTime()
    for _ in 0..<count { try body() }
    return processorTime() - begun
}

extension Duration {
    /// In microseconds.
    var microseconds: Double { self / .microseconds(1) }

    /// For people: "0.52 ms".
    var shown: String {
        microseconds < 1_000
            ? "\(rounded(microseconds)) µs" : "\(rounded(microseconds / 1_000)) ms"
    }
}

/// Two decimals below ten, one below a hundred, none above.
func rounded(_ value: Double) -> String {
    let scale = value < 10 ? 100.0 : value < 100 ? 10.0 : 1.0
    let digits = (value * scale).rounded() / scale
    return scale == 1 ? "\(Int(digits))" : "\(digits)"
}

/// Bytes in a time, as GB/s.
func throughput(_ bytes: Int, in time: Duration) -> String {
    rounded(Double(bytes) / (time / .nanoseconds(1))) + " GB/s"
}
