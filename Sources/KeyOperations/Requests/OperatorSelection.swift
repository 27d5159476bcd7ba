/// Which operators serve when a request names none.
///
/// Everybody who follows the chain comes to the same: those with the fewest validators first, among them those who were
/// registered first.
package enum OperatorSelection {
    /// So many eligible operators, or `nil` when there are fewer.
    ///
    /// Eligible are those that are active, collateralised and free.
    ///
    /// - Parameters:
    ///   - size: How many; for other numbers than a group may have, the answer is `nil`.
    ///   - records: All operators, each once, in any order.
    ///   - validators: How many validators each has; none where it is missing.
    ///   - busy: Who is not free.
    ///   - excluded: Who has failed at this request before.
    /// - Returns: The chosen.
    package static func choose(
        _ size: Int,
        among records: [OperatorRecord],
        validators: [OperatorID: Int],
        busy: Set<OperatorID>,
        excluding excluded: Set<OperatorID>
    ) -> OperatorGroup? {
        guard OperatorGroup.sizes.contains(size) else { return nil }
        let chosen = eligible(records, validators, except: busy.union(excluded)).prefix(size)
        // Five of seven would be a group too.
        return chosen.count == size ? OperatorGroup(chosen.sorted()) : nil
    }

    /// The group with others in the place of those who leave, or `nil` when too few are eligible.
    ///
    /// - Parameters:
    ///   - leavers: Who leaves; those that are not in the group do not matter.
    ///   - group: Who holds shares.
    ///   - records: All operators, each once, in any order.
    ///   - validators: How many validators each has; none where it is missing.
    ///   - busy: Who is not free. Those who stay need not be.
    /// - Returns: Those who stay and those who step in.
    package static func replacing(
        _ leavers: Set<OperatorID>,
        in group: OperatorGroup,
        among records: [OperatorRecord],
        validators: [OperatorID: Int],
        busy: Set<OperatorID>
    ) -> OperatorGroup? {
        let staying = group.ids.filter { !leavers.contains($0) }
        // Who leaves does not come back in by the rule.
        let others = eligible(records, validators, except: busy.union(leavers).union(staying))
        let renewed = staying + others.prefix(group.count - staying.count)
        return renewed.count == group.count ? OperatorGroup(renewed.sorted()) : nil
    }

    /// Who is eligible, the first to be chosen first.
    static func eligible(
        _ records: [OperatorRecord],
        _ validators: [OperatorID: Int],
        except excluded: Set<OperatorID>
    ) -> [OperatorID] {
        records
            .filter { $0.isActive && $0.isCollateralised && !excluded.contains($0.id) }
            .sorted { (validators[$0.id] ?? 0, $0.registration) < (validators[$1.id] ?? 0, $1.registration) }
            .map { $0.id }
    }
}
