import Foundation

/// How many runs a property is tried with.
///
/// Every run is known by its seed. `ORACLE_SEEDS=20` in the environment makes it twenty times as many.
enum Seeds {
    private static let factor: UInt64 = {
        let text = ProcessInfo.processInfo.environment["ORACLE_SEEDS"]
        return text.flatMap(UInt64.init) ?? 1
    }()

    static func count(_ number: UInt64) -> Range<UInt64> { 0..<(number * factor) }
}
