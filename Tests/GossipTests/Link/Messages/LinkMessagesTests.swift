import Gossip
import Primitives
import Testing

@Suite struct LinkMessagesTests {
    private let hello = Hello(
        software: ByteList(Array("oracle/1.2.3".utf8)) ?? ByteList(),
        protocolVersion: 1,
        epoch: Epoch(7),
        configDigest: Digest(),
        view: View(9),
        incarnation: 3,
        electionView: View(8),
        frontierDigest: SHA256.hash([1])
    )

    private func roundTrips<Value: SSZContainer>(_ value: Value) throws {
        #expect(try Value(ssz: value.sszBytes) == value)
        for count in 0..<value.sszBytes.count {
            let cut = try? Value(ssz: Array(value.sszBytes.prefix(count)))
            #expect(cut != value)
        }
    }

    @Test func `decode what they encode`() throws {
        try roundTrips(hello)
        try roundTrips(Close(.renewed, "a day old"))
        try roundTrips(Ping(nonce: 0x0102_0304_0506_0708))
        try roundTrips(Pong(nonce: .max))
        try roundTrips(RelayWanted([MemberIndex(1), MemberIndex(128)]))
    }

    @Test func `keep to the limits of their types at their longest`() {
        var longest = hello
        longest.software = ByteList([UInt8](repeating: 65, count: 64)) ?? ByteList()
        #expect(longest.sszBytes.count <= MessageType.hello.bodyLimit)
        #expect(
            Close(.busy, String(repeating: "x", count: 500)).sszBytes.count <= MessageType.close.bodyLimit
        )
        #expect(Ping(nonce: 1).sszBytes.count == MessageType.ping.bodyLimit)
        #expect(Pong(nonce: 1).sszBytes.count == MessageType.pong.bodyLimit)
        #expect(RelayWanted([]).sszBytes.count <= MessageType.relayWanted.bodyLimit)
    }

    @Test func `write the bytes that the protocol says`() {
        #expect(Ping(nonce: 0x0102).sszBytes == [2, 1, 0, 0, 0, 0, 0, 0])
        #expect(Close(.duplicate, "no").sszBytes == [2, 0, 6, 0, 0, 0, 0x6E, 0x6F])
        let wanted = RelayWanted([MemberIndex(1), MemberIndex(10), MemberIndex(128)])
        #expect(wanted.sszBytes == [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80])
        #expect(hello.sszBytes.prefix(14) == [102, 0, 0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `cut the words of a close at a whole character`() {
        let close = Close(.busy, String(repeating: "é", count: 100))
        #expect(close.reason.bytes.count == 128)
        let odd = Close(.busy, "a" + String(repeating: "é", count: 100))
        #expect(odd.reason.bytes.count == 127)
        #expect(String(validating: odd.reason.bytes, as: UTF8.self) != nil)
    }

    @Test func `know what they do not know`() throws {
        let close = try Close(ssz: [99, 0, 6, 0, 0, 0])
        #expect(close.known == nil && close.code == 99)
        #expect(Close(.tooSlow).known == .tooSlow)
    }

    @Test func `relay-wanted names its members in order`() {
        let members = [1, 2, 8, 9, 64, 127, 128].map { MemberIndex($0) }
        let wanted = RelayWanted(members.reversed())
        #expect(wanted.members == members)
        #expect(!wanted.contains(MemberIndex(3)))
        #expect(!wanted.contains(MemberIndex(rawValue: 0)))
        #expect(!wanted.contains(MemberIndex(rawValue: 129)))
    }

    @Test func `each message type has a stream, a limit and a code of its own`() {
        #expect(Set(MessageType.allCases.map(\.rawValue)).count == MessageType.allCases.count)
        for type in MessageType.allCases { #expect(type.bodyLimit > 0 && type.bodyLimit <= 131_072) }
    }
}
