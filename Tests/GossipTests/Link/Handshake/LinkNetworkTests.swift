import Gossip
import Primitives
import Testing

@Suite struct LinkNetworkTests {
    private static func deployment(
        chainId: UInt64 = 0x0102_0304_0506_0708,
        genesis: UInt8 = 9,
        registry: UInt8 = 5
    ) throws -> Deployment {
        Deployment(
            chainId: chainId,
            genesis: try #require(Digest([UInt8](repeating: genesis, count: 32))),
            registry: try #require(Address([UInt8](repeating: registry, count: 20)))
        )
    }

    @Test func `writes the prologue and the hint that the protocol says`() throws {
        let network = LinkNetwork(try Self.deployment())
        let name: [UInt8] =
            [1, 2, 3, 4, 5, 6, 7, 8] + repeatElement(5, count: 20) + repeatElement(9, count: 32)
        let preamble = Preamble(network)
        #expect(network.hint.array == SHA256.hash(name).array.prefix(4).map { $0 })
        #expect(preamble.bytes == Array("ORC1".utf8) + [1, 0, 0, 0] + network.hint.array)
        #expect(network.prologue(initiator: preamble) == Array("oracle-noise/1".utf8) + preamble.bytes + name)
    }

    @Test func `no two deployments have one prologue`() throws {
        let preamble = Preamble(LinkNetwork(try Self.deployment()))
        let prologues = try [
            Self.deployment(), Self.deployment(chainId: 1), Self.deployment(genesis: 1),
            Self.deployment(registry: 1),
        ].map { LinkNetwork($0).prologue(initiator: preamble) }
        #expect(Set(prologues).count == 4)
    }

    @Test func `reads a preamble only whole and with its magic`() throws {
        let preamble = Preamble(LinkNetwork(try Self.deployment()), version: 0x0203, flags: 0x0405)
        let bytes = preamble.bytes
        #expect(Preamble(unsafe bytes.span.bytes) == preamble)
        for count in 0..<12 {
            let cut = Array(bytes.prefix(count))
            #expect(Preamble(unsafe cut.span.bytes) == nil)
        }
        let long = bytes + [0]
        #expect(Preamble(unsafe long.span.bytes) == nil)
        for index in 0..<4 {
            var other = bytes
            other[index] ^= 32
            #expect(Preamble(unsafe other.span.bytes) == nil)
        }
    }
}
