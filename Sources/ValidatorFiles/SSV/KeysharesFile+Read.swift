internal import BLS12381
internal import Cryptography
internal import Ethereum
internal import Primitives

extension KeysharesFile {
    /// Reads a file, and holds what it says twice against each other.
    ///
    /// Whether keys and signature belong together is what ``examine(_:)`` asks.
    package init(_ bytes: [UInt8]) throws(FileFault) {
        let members = try FileValue.read(bytes, atMost: Self.mostBytes)
            .object(["version", "createdAt", "shares"])
        let version = members("version")
        guard Self.versions.contains(try version.text(atMost: 16)) else {
            throw version.fault(
                "is none of \(Self.versions.joined(separator: ", "))",
                remedy: "make the file with ssv-dkg or ssv-keys of a version that writes one of them"
            )
        }
        createdAt = try members("createdAt").text(atMost: 64)
        validators = []
        for value in try members("shares").list(1...Self.mostValidators) {
            validators.append(try Self.validator(value))
        }
    }

    private static func validator(_ value: FileValue) throws(FileFault) -> Validator {
        let members = try value.object(["data", "payload"])
        let data = try members("data").object(["ownerNonce", "ownerAddress", "publicKey", "operators"])
        let payload = try members("payload").object(["publicKey", "operatorIds", "sharesData"])
        let publicKey: G1Bytes = try data("publicKey").fixed(prefix: .required)
        guard try payload("publicKey").fixed(prefix: .required) == publicKey else {
            throw payload("publicKey").fault("is not the key in the data beside it")
        }
        let stated = try operators(data("operators"))
        var ids: [UInt64] = []
        for id in try payload("operatorIds").list(1...OperatorSet.sizes[3]) { ids.append(try id.number()) }
        guard ids == stated.map(\.id) else {
            throw payload("operatorIds").fault("are not the operators in the data beside it")
        }
        let count = ids.count
        let length = 96 + count * (48 + 256)
        let shares = try payload("sharesData").bytes(length...length, prefix: .required)
        guard let signature = G2Bytes(shares[..<96]) else {
            throw payload("sharesData").fault("has no signature")
        }
        var operators: [Operator] = []
        for (index, one) in stated.enumerated() {
            let key = 96 + 48 * index
            let share = 96 + 48 * count + 256 * index
            guard let sharePublicKey = G1Bytes(shares[key..<key + 48]),
                let encryptedShare = EncryptedShare(shares[share..<share + 256])
            else { throw payload("sharesData").fault("has no share \(index)") }
            operators.append(
                Operator(
                    id: one.id,
                    key: one.key,
                    sharePublicKey: sharePublicKey,
                    encryptedShare: encryptedShare
                )
            )
        }
        return Validator(
            ownerNonce: OwnerNonce(
                owner: try owner(data("ownerAddress")),
                nonce: try data("ownerNonce").number()
            ),
            publicKey: publicKey,
            operators: operators,
            signature: signature
        )
    }

    /// The owner's exact text is signed, so that it has to be the one with the capitals of EIP-55.
    private static func owner(_ value: FileValue) throws(FileFault) -> Address {
        let address = try value.address()
        guard try value.text(atMost: 42) == address.checksummed else {
            throw value.fault("is not written with the capitals of EIP-55, over which the validator signs")
        }
        return address
    }

    /// The operators, whose numbers ascend.
    private static func operators(_ value: FileValue) throws(FileFault) -> [(id: UInt64, key: RSAPublicKey)] {
        var operators: [(id: UInt64, key: RSAPublicKey)] = []
        for element in try value.list(1...OperatorSet.sizes[3]) {
            let members = try element.object(["id", "operatorKey"])
            let id = try members("id").number()
            guard id > operators.last?.id ?? 0 else {
                throw members("id").fault(
                    "is not greater than the one before it",
                    remedy: "list the operators by ascending number, each once; SSV's contract refuses others"
                )
            }
            let text = members("operatorKey")
            do {
                let key = try RSAPublicKey(operatorKey: try text.text(atMost: RSAPublicKey.greatestLength))
                operators.append((id, key))
            } catch let error as RSAError {
                throw text.fault("is no operator's key", remedy: "\(error)")
            } catch let error as FileFault {
                throw error
            } catch {
                throw text.fault("\(error)")
            }
        }
        guard OperatorSet.sizes.contains(operators.count) else {
            throw value.fault(
                "has \(operators.count) operators",
                remedy: "SSV takes committees of 4, 7, 10 or 13"
            )
        }
        return operators
    }
}
