import BLS12381
import Cryptography
import Ethereum
import Primitives
import TestSupport
import Testing

@testable import ValidatorFiles

/// Keyshares and proofs, against files that py_ecc and pyca/cryptography made in ssv-dkg's form.
@Suite struct SSVTests {
    struct Fixtures: Decodable {
        struct Case: Decodable {
            let name, keyshares, proofs: String
            let shares: [[String]]

            var keysharesBytes: [UInt8] { Array(keyshares.utf8) }
            var proofsBytes: [UInt8] { Array(proofs.utf8) }
        }
        let good: [Case]
        let tooHighDegree, tooLowDegree, twoOwners: Case

        static func load() throws -> Fixtures { try Fixture.load("validator-files/ssv.json") }
    }

    struct PrivateKeys: Decodable {
        struct Key: Decodable {
            let `private`: String
        }
        let keys: [Key]

        static func load(_ index: Int) throws -> RSAPrivateKey {
            let keys: PrivateKeys = try Fixture.load("validator-files/rsa.json")
            return try RSAPrivateKey(pem: secretBytes(Array(keys.keys[index].private.utf8)))
        }
    }

    @Test func `keyshares and proofs are read, found good and written again byte for byte`() throws {
        for file in try Fixtures.load().good {
            #expect(try KeysharesFile(file.keysharesBytes).encoded() == file.keysharesBytes)
            #expect(try ProofsFile(file.proofsBytes).encoded() == file.proofsBytes)
            let keyshares = ValidatorFile.recognise(file.keysharesBytes)
            #expect(keyshares.isGood && keyshares.kind == "keyshares", "\(keyshares.lines)")
            let proofs = ValidatorFile.recognise(file.proofsBytes, beside: [file.keysharesBytes])
            #expect(proofs.isGood && proofs.kind == "proofs", "\(proofs.lines)")
        }
    }

    @Test func `an operator opens its share and no other`() throws {
        let file = try Fixtures.load().good[0]
        let validator = try KeysharesFile(file.keysharesBytes).validators[0]
        for (index, one) in validator.operators.enumerated() {
            let key = try PrivateKeys.load(index)
            let publicKey = try #require(PublicKey(one.sharePublicKey))
            let share = try key.decrypt(one.encryptedShare, of: publicKey)
            let expected = try #require(Hex.decode(file.shares[0][index]))
            #expect(share.bytes == secretBytes(expected))
            #expect(try key.decrypt(key.publicKey.encrypt(share), of: publicKey) == share)
            #expect(throws: FileFault.self) {
                try PrivateKeys.load(index + 1).decrypt(one.encryptedShare, of: publicKey)
            }
            let other = try #require(PublicKey(validator.operators[(index + 1) % 4].sharePublicKey))
            #expect(throws: FileFault.self) { try key.decrypt(one.encryptedShare, of: other) }
        }
    }

    @Test func `shares of too high a degree are refused though all of them together make the key`() throws {
        let file = try Fixtures.load().tooHighDegree
        let validator = try KeysharesFile(file.keysharesBytes).validators[0]
        let all = try validator.operators.map { one in
            (try #require(ShareIndex(one.id)), try #require(G1(one.sharePublicKey)))
        }
        #expect(G1.interpolate(all)?.compressed == validator.publicKey)
        let report = ValidatorFile.recognise(file.keysharesBytes)
        #expect(report.faults.map(\.place) == ["shares[0].payload.sharesData"])
        #expect(report.faults[0].problem.contains("the first 3"))
        #expect(!ValidatorFile.recognise(file.proofsBytes, beside: [file.keysharesBytes]).isGood)
    }

    @Test func `shares of which fewer than promised make the key are refused`() throws {
        let report = ValidatorFile.recognise(try Fixtures.load().tooLowDegree.keysharesBytes)
        #expect(report.faults.map(\.place) == ["shares[0].payload.sharesData"])
        #expect(report.faults[0].problem.contains("fewer than 3"))
    }

    @Test func `one share off the polynomial is found wherever it is`() throws {
        let file = try KeysharesFile(try Fixtures.load().good[1].keysharesBytes)
        for index in 0..<7 {
            var changed = file
            let share = try #require(G1(file.validators[0].operators[index].sharePublicKey))
            changed.validators[0].operators[index].sharePublicKey = (share + .generator).compressed
            #expect(ValidatorFile.recognise(changed.encoded()).faults.count == 1, "\(index)")
        }
    }

    @Test func `a share that is another's, or no key, is refused`() throws {
        let file = try KeysharesFile(try Fixtures.load().good[0].keysharesBytes)
        var doubled = file
        doubled.validators[0].operators[3].sharePublicKey = file.validators[0].operators[0].sharePublicKey
        var none = file
        none.validators[0].operators[3].sharePublicKey = G1.identity.compressed
        var oneKey = file
        oneKey.validators[0].operators[3].key = file.validators[0].operators[0].key
        var twice = file
        twice.validators.append(file.validators[0])
        var noKey = file
        noKey.validators[0].publicKey = G1.identity.compressed
        for changed in [doubled, none, oneKey, twice, noKey] {
            #expect(ValidatorFile.recognise(changed.encoded()).faults.count == 1)
        }
    }

    @Test func `a signature for another owner or nonce is refused`() throws {
        let file = try KeysharesFile(try Fixtures.load().good[0].keysharesBytes)
        var nonce = file
        nonce.validators[0].ownerNonce.nonce += 1
        var owner = file
        owner.validators[0].ownerNonce.owner[0] ^= 1
        var signature = file
        signature.validators[0].signature = G2Bytes()
        for changed in [nonce, owner, signature] {
            let report = ValidatorFile.recognise(changed.encoded())
            #expect(report.faults.count == 1 && report.faults[0].remedy.contains("ceremony"))
        }
    }

    @Test func `what a file says twice has to agree, and its operators to ascend`() throws {
        let text = try Fixtures.load().good[0].keyshares
        let file = try KeysharesFile(Array(text.utf8))
        let owner = file.validators[0].ownerNonce.owner.checksummed
        let swapped = text.replacing("\"id\":1,", with: "\"id\":0,").replacing("[1,", with: "[0,")
        let descending = text.replacing("\"id\":333,", with: "\"id\":22,").replacing("333,", with: "22,")
        let refusals = [
            (text.replacing("v1.2.0", with: "v1.3.0"), "version"),
            (
                text.replacing("\"operatorIds\":[1,", with: "\"operatorIds\":[2,"),
                "shares[0].payload.operatorIds"
            ),
            (swapped, "shares[0].data.operators[0].id"),
            (descending, "shares[0].data.operators[2].id"),
            (text.replacing(owner, with: owner.lowercased()), "shares[0].data.ownerAddress"),
            (
                text.replacing("\"operatorKey\":\"LS0", with: "\"operatorKey\":\"LS1"),
                "shares[0].data.operators[0].operatorKey"
            ),
            (
                text.replacing("\"sharesData\":\"0x", with: "\"sharesData\":\"0x00"),
                "shares[0].payload.sharesData"
            ),
        ]
        for (changed, place) in refusals {
            #expect(changed != text)
            let fault = #expect(throws: FileFault.self) { try KeysharesFile(Array(changed.utf8)) }
            #expect(fault?.place == place)
        }
        var three = file
        three.validators[0].operators.removeLast()
        let fault = #expect(throws: FileFault.self) { try KeysharesFile(three.encoded()) }
        #expect(fault?.place == "shares[0].data.operators")
        var key = file.validators[0].publicKey
        key[5] ^= 1
        let other = text.replacing(
            "\"payload\":{\"publicKey\":\"\(file.validators[0].publicKey)",
            with: "\"payload\":{\"publicKey\":\"\(key)"
        )
        #expect(throws: FileFault.self) { try KeysharesFile(Array(other.utf8)) }
    }

    @Test func `a proof altered anywhere is refused`() throws {
        let file = try Fixtures.load().good[0]
        let proofs = try ProofsFile(file.proofsBytes)
        let stranger = try ProofsFile(try Fixtures.load().good[1].proofsBytes).ceremonies[0]
        var changes = [ProofsFile](repeating: proofs, count: 6)
        changes[0].ceremonies[0][1].signature[7] ^= 1
        changes[1].ceremonies[0][1].proof.owner[7] ^= 1
        changes[2].ceremonies[0][1].proof.validator = stranger[0].proof.validator
        changes[3].ceremonies[0][1].proof.sharePublicKey = stranger[0].proof.sharePublicKey
        changes[4].ceremonies[0][1].proof.encryptedShare = stranger[0].proof.encryptedShare
        changes[5].ceremonies[0].swapAt(1, 2)
        for (index, changed) in changes.enumerated() {
            let report = ValidatorFile.recognise(changed.encoded(), beside: [file.keysharesBytes])
            #expect(report.faults.contains { $0.place == "[1]" }, "\(index): \(report.lines)")
        }
        var keyshares = try KeysharesFile(file.keysharesBytes)
        keyshares.validators[0].ownerNonce.owner[0] ^= 1
        let moved = ValidatorFile.recognise(file.proofsBytes, beside: [keyshares.encoded()])
        #expect(moved.faults.filter { $0.problem.contains("another owner") }.count == 4)
        #expect(!ValidatorFile.recognise(file.proofsBytes).isGood, "nobody knows who signed")
        let others = [try Fixtures.load().good[1].keysharesBytes]
        #expect(!ValidatorFile.recognise(file.proofsBytes, beside: others).isGood)
    }

    @Test func `proofs that are each good but of two owners are refused as a batch`() throws {
        let file = try Fixtures.load().twoOwners
        #expect(ValidatorFile.recognise(file.keysharesBytes).isGood)
        let report = ValidatorFile.recognise(file.proofsBytes, beside: [file.keysharesBytes])
        #expect(report.faults.count == 1 && report.faults[0].problem.contains("2 owners"))
    }
}

func secretBytes(_ bytes: [UInt8]) -> SecretBytes {
    unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
}
