internal import Cryptography
package import Primitives

/// What has become of a call that the node wants on the chain.
package enum SubmissionOutcome: Hashable, Sendable {
    /// How its transaction fares.
    case progress(OutboxReport)
    /// The contract refuses it for now; it is tried again with each block.
    case postponed(RegistryRevert)
    /// What it is for has been done by somebody else, as the chain stood at this block.
    case doneByOther(BlockReference)
    /// The chain has gone past it, as it stood at this block.
    case superseded(BlockReference)
    /// Another leader is elected for its view: the group has signed twice.
    case conflict(elected: Address, BlockReference)
    /// The contract will never take it.
    case refused(RegistryRevert)
    /// It is on the chain for good, by this node's transaction or another's.
    case settled
}

/// What a call would do after a block, and the state by which to understand that.
package struct SubmissionCheck: Hashable, Sendable {
    /// The block.
    package var block: BlockReference
    /// Why it would be reverted; `nil` when it would succeed.
    package var revert: RegistryRevert?
    /// The registry's state after the block.
    package var state: RegistryState
    /// For a report, the state of its request after the block.
    package var request: RequestStanding?

    /// A check.
    package init(
        block: BlockReference,
        revert: RegistryRevert?,
        state: RegistryState,
        request: RequestStanding? = nil
    ) {
        self.block = block
        self.revert = revert
        self.state = state
        self.request = request
    }

    /// What to do with a call that came to this.
    package enum Verdict: Hashable, Sendable {
        /// It may be sent.
        case send
        /// It may be sent later.
        case wait(RegistryRevert)
        /// It need not be sent while this block is canonical.
        case leave(SubmissionOutcome)
        /// It will never succeed.
        case drop(RegistryRevert)
    }

    /// What the check means for a call.
    package func verdict(on call: ChainCall) -> Verdict {
        switch call {
        case .registry(.elect(let election, _)): verdict(on: election)
        case .registry(.registerGroupKey(let key, _)), .registry(.rotate(let key, _)): verdict(on: key)
        case .registry(.anchorProof(let anchor, _)): verdict(on: anchor)
        case .report(let call): verdict(on: call)
        }
    }

    private func verdict(on anchor: ProofAnchorStatement) -> Verdict {
        if state.proof == LatestProof(number: anchor.number, root: anchor.root) {
            return .leave(.doneByOther(block))
        }
        // Of an earlier number the contract no longer says whose root it took.
        if state.proof.number >= anchor.number || state.epoch > anchor.epoch {
            return .leave(.superseded(block))
        }
        switch revert {
        case nil: return .send
        // The one before it, or its epoch's key, is not on the chain or has been taken back.
        case .wrongNumber?: return .wait(.wrongNumber)
        case .wrongEpoch?: return .wait(.wrongEpoch)
        case .other(let words)?: return .wait(.other(words))
        case let revert?: return .drop(revert)
        }
    }

    private func verdict(on election: ElectionStatement) -> Verdict {
        if state.view == election.view {
            let isSame = state.leader == election.leader
            return .leave(isSame ? .doneByOther(block) : .conflict(elected: state.leader, block))
        }
        if state.view > election.view || state.epoch > election.epoch { return .leave(.superseded(block)) }
        switch revert {
        case nil: return .send
        case .wrongEpoch?: return .wait(.wrongEpoch)
        case .other(let words)?: return .wait(.other(words))
        case let revert?: return .drop(revert)
        }
    }

    private func verdict(on key: GroupKeyRegistration) -> Verdict {
        if state.epoch == key.epoch, state.committee?.groupKey == key.groupKey {
            return .leave(.doneByOther(block))
        }
        if state.epoch >= key.epoch { return .leave(.superseded(block)) }
        switch revert {
        case nil: return .send
        case .emergencyDelay?: return .wait(.emergencyDelay)
        case .noProposal?: return .wait(.noProposal)
        case .other(let words)?: return .wait(.other(words))
        case let revert?: return .drop(revert)
        }
    }
}
