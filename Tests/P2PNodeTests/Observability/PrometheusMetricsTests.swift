import CoreMetrics
import Metrics
import Testing

@testable import P2PNode

@Suite struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics()

    /// The lines of series whose names begin with a text.
    private func lines(_ prefix: String) -> [String] {
        metrics.text().split(separator: "\n").map(String.init).filter {
            $0.hasPrefix(prefix) || $0.hasPrefix("# TYPE \(prefix)")
        }
    }

    @Test func `counts under one name and set of labels whoever asks`() {
        Counter(label: "a_total", dimensions: [("y", "2"), ("x", "1")], factory: metrics).increment(by: 3)
        Counter(label: "a_total", dimensions: [("x", "1"), ("y", "2")], factory: metrics).increment()
        Counter(label: "a_total", factory: metrics).increment()
        #expect(lines("a_total") == ["# TYPE a_total counter", "a_total 1", "a_total{x=\"1\",y=\"2\"} 4"])
    }

    @Test func `shows what rises and falls`() {
        let meter = Meter(label: "b", factory: metrics)
        meter.set(2.5)
        meter.increment(by: 1)
        meter.decrement(by: 3)
        #expect(lines("b") == ["# TYPE b gauge", "b 0.5"])
        FloatingPointCounter(label: "c_total", factory: metrics).increment(by: 0.25)
        #expect(lines("c_total") == ["# TYPE c_total counter", "c_total 0.25"])
        Gauge(label: "d", factory: metrics).record(7)
        #expect(lines("d") == ["# TYPE d gauge", "d 7"])
    }

    @Test func `sorts durations into buckets of seconds`() {
        let timer = Metrics.Timer(label: "e", dimensions: [("k", "v")], factory: metrics)
        timer.recordMicroseconds(100)
        timer.recordMilliseconds(3)
        timer.recordSeconds(60)
        let found = lines("e_seconds")
        #expect(found.first == "# TYPE e_seconds histogram")
        #expect(found.contains("e_seconds_bucket{k=\"v\",le=\"0.0001\"} 1"))
        #expect(found.contains("e_seconds_bucket{k=\"v\",le=\"0.0025\"} 1"))
        #expect(found.contains("e_seconds_bucket{k=\"v\",le=\"0.005\"} 2"))
        #expect(found.contains("e_seconds_bucket{k=\"v\",le=\"10\"} 2"))
        #expect(found.contains("e_seconds_bucket{k=\"v\",le=\"+Inf\"} 3"))
        #expect(found.suffix(2) == ["e_seconds_sum{k=\"v\"} 60.0031", "e_seconds_count{k=\"v\"} 3"])
        #expect(found.count == HistogramSeries.seconds.count + 4)
    }

    @Test func `sorts sizes into powers of ten`() {
        Recorder(label: "f", factory: metrics).record(1_000)
        let found = lines("f_")
        #expect(found.contains("f_bucket{le=\"100\"} 0"))
        #expect(found.contains("f_bucket{le=\"1000\"} 1"))
    }

    @Test func `keeps names and labels within the format`() {
        Counter(label: "9 g-h.i", dimensions: [("a-b", "q\"\\\n")], factory: metrics).increment()
        #expect(lines("_9").last == "_9_g_h_i{a_b=\"q\\\"\\\\\\n\"} 1")
    }

    @Test func `refuses a second kind under one name`() {
        Counter(label: "j", factory: metrics).increment()
        Meter(label: "j", factory: metrics).set(9)
        #expect(lines("j") == ["# TYPE j counter", "j 1"])
        #expect(lines("oracle_metrics_dropped_series_total").last == "oracle_metrics_dropped_series_total 1")
    }

    @Test func `bounds the number of series`() {
        for number in 0..<(PrometheusMetrics.seriesLimit + 10) {
            Counter(label: "k", dimensions: [("n", "\(number)")], factory: metrics).increment()
        }
        #expect(lines("k{").count == PrometheusMetrics.seriesLimit)
        #expect(lines("oracle_metrics_dropped_series_total").last == "oracle_metrics_dropped_series_total 10")
    }

    @Test func `forgets a series that is given up`() {
        let counter = Counter(label: "l", factory: metrics)
        counter.increment(by: 5)
        counter.destroy()
        #expect(lines("l ").isEmpty)
        Counter(label: "l", factory: metrics).increment()
        #expect(lines("l ") == ["# TYPE l counter", "l 1"])
    }

    @Test func `tells what the process takes`() throws {
        let line = try #require(lines("process_resident_memory_bytes").last)
        let bytes = try #require(line.split(separator: " ").last.flatMap { Double($0) })
        #expect(bytes > 1_000_000)
        #expect(lines("process_cpu_seconds_total").count == 2)
        #expect(lines("process_open_fds").count == 2)
    }

    @Test(
        arguments: zip(
            [0, -0.5, .infinity, -.infinity, .nan, 1e18],
            ["0", "-0.5", "+Inf", "-Inf", "NaN", "1000000000000000000"]
        )
    )
    func `writes numbers as the format wants them`(_ value: Double, _ text: String) {
        #expect(PrometheusText.number(value) == text)
    }
}
