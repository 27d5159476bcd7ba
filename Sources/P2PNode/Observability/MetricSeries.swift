internal import CoreMetrics
internal import Synchronization

/// The values of one name and one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    func append(to text: inout PrometheusText, _ name: SeriesName)
}

/// A whole number that rises.
final class IntegerSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func append(to text: inout PrometheusText, _ name: SeriesName) {
        text.line(name.name, name.labels, Double(value.load(ordering: .relaxed)))
    }
}

/// A number that rises and falls.
final class NumberSeries: MetricSeries, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func reset() { set(0.0) }

    func append(to text: inout PrometheusText, _ name: SeriesName) {
        text.line(name.name, name.labels, value.withLock { $0 })
    }
}

/// How many values were at or below each of some bounds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    /// From a tenth of a millisecond to ten seconds.
    static let seconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    /// For sizes and numbers.
    static let powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] as [Double]

    private struct State: Sendable {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func append(to text: inout PrometheusText, _ name: SeriesName) {
        let state = state.withLock { $0 }
        var total: UInt64 = 0
        for (place, count) in state.counts.enumerated() {
            total += count
            let bound = place < bounds.count ? PrometheusText.number(bounds[place]) : "+Inf"
            text.line(name.name + "_bucket", name.labels(with: "le", bound), Double(total))
        }
        text.line(name.name + "_sum", name.labels, state.sum)
        text.line(name.name + "_count", name.labels, Double(total))
    }
}
