internal import Primitives

/// The answers of several nodes to one question.
struct BeaconTally: Sendable {
    /// How many must give one answer.
    let agreement: Int
    private(set) var values: [BeaconValue] = []

    init(agreement: Int) {
        self.agreement = agreement
    }

    /// Takes an answer; returns the one that counts, once enough have given it.
    mutating func take(_ value: BeaconValue) -> BeaconValue? {
        values.append(value)
        let same = values.filter { $0.essence == value.essence }
        return same.count >= agreement ? same.first : nil
    }

    /// Whether nodes have contradicted one another.
    var isContradictory: Bool { Set(values.map(\.essence)).count > 1 }
}
