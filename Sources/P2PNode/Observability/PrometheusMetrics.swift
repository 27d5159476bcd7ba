package import CoreMetrics
internal import Synchronization

/// Counts in memory and tells in the text format of Prometheus.
///
/// One series is one name with one set of labels; asked for twice, it is the same. Their number is bounded, because
/// labels may come from outside: beyond ``seriesLimit``, and where a name is asked for in two kinds, values are
/// dropped and `oracle_metrics_dropped_series_total` counts the refusals.
package final class PrometheusMetrics: MetricsFactory {
    /// How many series are kept.
    package static let seriesLimit = 4_096

    private struct State: Sendable {
        var kinds: [String: MetricKind] = [:]
        var series: [SeriesName: any MetricSeries] = [:]
        var refused: Int64 = 0
    }

    private let state = Mutex(State())

    /// Without series.
    package init() {}

    /// All series in the text format, version 0.0.4, ordered by name and labels, and then those of the process.
    package func text() -> String {
        let (kinds, series, refused) = state.withLock { ($0.kinds, $0.series, $0.refused) }
        var text = PrometheusText()
        let named = Dictionary(grouping: series) { $0.key.name }
        for (name, series) in named.sorted(by: { $0.key < $1.key }) {
            text.begin(name, kinds[name] ?? .gauge)
            for (key, series) in series.sorted(by: { $0.key.labels < $1.key.labels }) {
                series.append(to: &text, key)
            }
        }
        text.begin("oracle_metrics_dropped_series_total", .counter)
        text.line("oracle_metrics_dropped_series_total", "", Double(refused))
        ProcessMetrics.append(to: &text)
        return text.text
    }

    private func series<Series: MetricSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: MetricKind,
        _ make: () -> Series
    ) -> Series {
        let key = SeriesName(label, dimensions, kind)
        return state.withLock { state in
            if let known = state.series[key] as? Series { return known }
            let isRefused = state.series.count >= Self.seriesLimit || (state.kinds[key.name] ?? kind) != kind
            let made = make()
            if isRefused {
                state.refused += 1
            } else {
                state.kinds[key.name] = kind
                state.series[key] = made
            }
            return made
        }
    }

    private func forget(_ handler: AnyObject) {
        state.withLock { state in
            guard let key = state.series.first(where: { $0.value === handler })?.key else { return }
            state.series[key] = nil
        }
    }

    // MARK: MetricsFactory

    /// A whole number that rises.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { IntegerSeries() }
    }

    /// A number that rises.
    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { NumberSeries() }
    }

    /// A number that rises and falls.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { NumberSeries() }
    }

    /// Sizes in powers of ten when they are to be gathered, else the newest one.
    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? series(label, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.powersOfTen) }
            : series(label, dimensions, .gauge) { NumberSeries() }
    }

    /// Durations in seconds, under the name with `_seconds` behind it.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("_seconds") ? label : label + "_seconds"
        return series(name, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.seconds) }
    }

    /// The series is told no more.
    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    /// The series is told no more.
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    /// The series is told no more.
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    /// The series is told no more.
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    /// The series is told no more.
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
