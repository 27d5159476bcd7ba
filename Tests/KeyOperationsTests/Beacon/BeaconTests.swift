import BLS12381
import Primitives
import TestSupport
import Testing

@testable import KeyOperations

/// What validators sign, against the consensus specifications' own program and py_ecc.
@Suite struct BeaconTests {
    struct Case: Decodable {
        let network, genesis, capella, validators: String
        let secret, publicKey: String
        let prefix: UInt8
        let address: String
        let ether: UInt64
        let messageRoot, depositDomain, depositSigningRoot, depositSignature, dataRoot, data: String
        let exitEpoch, exitIndex: UInt64
        let exitDomain, exitSigningRoot, exitSignature: String

        func chain() throws -> BeaconNetwork {
            switch network {
            case "mainnet": .mainnet
            case "hoodi": .hoodi
            default:
                BeaconNetwork(
                    name: network,
                    genesisForkVersion: try #require(ForkVersion(hex: genesis)),
                    capellaForkVersion: try #require(ForkVersion(hex: capella)),
                    genesisValidatorsRoot: try #require(Digest(hex: validators))
                )
            }
        }

        func key() throws -> SecretKey {
            let number = try #require(FrBytes(hex: secret).flatMap { Fr($0) })
            return try #require(SecretKey(SecretFr(number)))
        }

        func message() throws -> DepositMessage {
            DepositMessage(
                publicKey: try #require(G1Bytes(hex: publicKey).flatMap { PublicKey($0) }),
                withdrawalCredentials: WithdrawalCredentials(
                    try #require(Address(hex: address)),
                    kind: try #require(WithdrawalCredentials.Kind(rawValue: prefix))
                ),
                amount: .ether(ether)
            )
        }

        func deposit() throws -> DepositData {
            DepositData(message: try message(), signature: try #require(G2Bytes(hex: depositSignature)))
        }

        var exit: VoluntaryExit { VoluntaryExit(epoch: exitEpoch, validatorIndex: exitIndex) }
    }

    private let cases: [Case]

    init() throws {
        cases = try Fixture.load("key-operations/beacon.json")
    }

    @Test func `networks and domains are those of the specifications`() throws {
        for one in cases {
            let chain = try one.chain()
            #expect(chain.genesisForkVersion.hex == one.genesis)
            #expect(chain.capellaForkVersion.hex == one.capella)
            #expect(chain.genesisValidatorsRoot.hex == one.validators)
            #expect(BeaconDomain.deposit(on: chain).bytes.hex == one.depositDomain)
            #expect(BeaconDomain.voluntaryExit(on: chain).bytes.hex == one.exitDomain)
        }
    }

    @Test func `deposits have the roots, the encoding and the signature of the specifications`() throws {
        for one in cases {
            let (chain, key, deposit) = (try one.chain(), try one.key(), try one.deposit())
            #expect(key.publicKey.bytes.hex == one.publicKey)
            #expect(deposit.message.hashTreeRoot().hex == one.messageRoot)
            #expect(
                ValidatorStatement.deposit(deposit.message).signingRoot(on: chain).hex
                    == one.depositSigningRoot
            )
            #expect(key.sign(.deposit(deposit.message), on: chain).bytes.hex == one.depositSignature)
            #expect(deposit.hashTreeRoot().hex == one.dataRoot)
            #expect(Hex.encode(deposit.sszBytes) == one.data)
            #expect(try DepositData(ssz: deposit.sszBytes) == deposit)
            #expect(deposit.fault(on: chain) == nil)
        }
    }

    @Test func `exits have the root and the signature of the specifications`() throws {
        for one in cases {
            let (chain, key) = (try one.chain(), try one.key())
            #expect(ValidatorStatement.exit(one.exit).signingRoot(on: chain).hex == one.exitSigningRoot)
            let signature = key.sign(.exit(one.exit), on: chain)
            #expect(signature.bytes.hex == one.exitSignature)
            #expect(signature.isValid(for: .exit(one.exit), on: chain, by: key.publicKey))
        }
    }

    @Test func `what is changed after signing is found out`() throws {
        let one = try #require(cases.first)
        let chain = try one.chain()
        let sound = try one.deposit()
        var changed = sound
        changed.message.amount = .ether(33)
        #expect(changed.fault(on: chain) == .amount(.ether(33)))
        changed = sound
        changed.message.withdrawalCredentials[31] ^= 1
        #expect(changed.fault(on: chain) == .signature)
        changed = sound
        changed.signature = try #require(G2Bytes(hex: cases[1].depositSignature))
        #expect(changed.fault(on: chain) == .signature)
        #expect(sound.fault(on: .hoodi) == .signature)
        let key = try one.key().publicKey
        let signature = try #require(G2Bytes(hex: one.exitSignature).flatMap { Signature($0) })
        var later = one.exit
        later.epoch += 1
        #expect(!signature.isValid(for: .exit(later), on: chain, by: key))
        #expect(!signature.isValid(for: .exit(one.exit), on: .hoodi, by: key))
    }

    @Test func `a deposit that makes no validator, or pays to nobody, is refused before its signature`()
        throws
    {
        let chain = BeaconNetwork.mainnet
        let sound = try #require(cases.first).deposit()
        for amount in [Gwei(rawValue: 0), Gwei(rawValue: 31_999_999_999), .ether(33)] {
            var changed = sound
            changed.message.amount = amount
            #expect(changed.fault(on: chain) == .amount(amount))
        }
        var compounding = sound
        compounding.message.withdrawalCredentials[0] = 2
        compounding.message.amount = .ether(2_049)
        #expect(compounding.fault(on: chain) == .amount(.ether(2_049)))
        for (index, value) in [(0, 0), (0, 3), (1, 1), (11, 1)] as [(Int, UInt8)] {
            var changed = sound
            changed.message.withdrawalCredentials[index] = value
            #expect(changed.fault(on: chain) == .credentials)
        }
        var infinity = sound
        infinity.message.publicKey = G1Bytes()
        infinity.message.publicKey[0] = 0xc0
        #expect(infinity.fault(on: chain) == .publicKey)
    }

    @Test func `credentials name their address and kind`() throws {
        let address = try #require(Address(hex: "1d2f14d2ddfee594b4093d42e4bc1b0ea55e8aa7"))
        for kind in [WithdrawalCredentials.Kind.regular, .compounding] {
            let credentials = WithdrawalCredentials(address, kind: kind)
            #expect(credentials.address == address && credentials.kind == kind)
            #expect(WithdrawalCredentials(credentials.bytes) == credentials)
        }
    }
}
