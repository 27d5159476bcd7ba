internal import BLS12381
internal import Cryptography
package import Primitives

extension OperationRequest {
    /// The id by which a contract on a chain knows the request.
    package func id(chainId: UInt64, contract: Address) -> RequestID {
        var words =
            switch self {
            case .keygen:
                StatementWords(
                    type: """
                        Keygen(uint256 chainId,address contract,uint64 number,uint64[] operatorIds,uint8 size,\
                        uint16 count,address withdrawal,bool compounding,uint64 amount,address owner,\
                        uint64 ownerNonce)
                        """
                )
            case .reshare:
                StatementWords(
                    type: """
                        Reshare(uint256 chainId,address contract,uint64 number,bytes publicKey,\
                        uint64[] oldOperatorIds,uint64[] operatorIds)
                        """
                )
            case .exit:
                StatementWords(
                    type: """
                        Exit(uint256 chainId,address contract,uint64 number,bytes publicKey,\
                        uint64[] operatorIds,uint8 way,uint64 feeCap)
                        """
                )
            }
        words.append(chainId)
        words.append(contract)
        words.append(number)
        switch self {
        case .keygen(let request):
            words.append(list: request.operators.numbers)
            words.append(UInt64(request.size))
            words.append(UInt64(request.count))
            words.append(request.credentials.address)
            words.append(UInt8(request.credentials.kind == .compounding ? 1 : 0))
            words.append(request.amount.rawValue)
            words.append(request.owner)
            words.append(request.ownerNonce)
        case .reshare(let request):
            words.append(bytes: request.publicKey.array)
            words.append(list: request.oldOperators.numbers)
            words.append(list: request.newOperators.numbers)
        case .exit(let request):
            words.append(bytes: request.publicKey.array)
            words.append(list: request.operators.numbers)
            words.append(request.way.rawValue)
            words.append(request.feeCap)
        }
        return RequestID(words.hash().storage)
    }
}

extension OperatorGroup {
    /// The operators' numbers, rising.
    package var numbers: [UInt64] { ids.map { $0.rawValue } }
}

extension OperatorGroup? {
    /// The operators' numbers, none when nobody is named.
    package var numbers: [UInt64] { self?.numbers ?? [] }
}
