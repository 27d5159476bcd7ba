// What a check means for a report.
extension SubmissionCheck {
    /// Words by which the contract says that no state of it could make the report right.
    private static let hopeless: Set<RegistryRevert> = [
        .badSignature, .badIndex, .badLength, .badReason, .badOperators, .unknownOperator, .wrongWay,
    ]

    func verdict(on call: ReportCall) -> Verdict {
        guard let request else { return .wait(revert ?? .other("")) }
        if request.has(call.deed) { return .leave(.doneByOther(block)) }
        // Taken back or given up meanwhile, or signed by a key that is not the committee's any more.
        if request.isOver || state.epoch > call.epoch { return .leave(.superseded(block)) }
        switch revert {
        case nil: return .send
        // The key is on record in another place, or with other operators, as long as this block is canonical.
        case .knownKey?: return .leave(.superseded(block))
        case .wrongOperators? where call.deed == .fulfilment: return .leave(.superseded(block))
        case .wrongOperators?: return .drop(.wrongOperators)
        case let revert?: return Self.hopeless.contains(revert) ? .drop(revert) : .wait(revert)
        }
    }
}
