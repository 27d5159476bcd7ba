import Gossip
import Primitives
import Testing

@Suite struct GuestBookTests {
    private static func guest(_ number: Int) -> Identity {
        var identity = Identity()
        identity[0] = UInt8(number >> 8)
        identity[1] = UInt8(number & 255)
        return identity
    }

    private static func at(_ seconds: Int) -> Instant { .start.advanced(by: .seconds(Int64(seconds))) }

    @Test func `takes who is expected, once each, and closes the links of who is no more`() {
        var book = GuestBook()
        let (alice, bob) = (Self.guest(1), Self.guest(2))
        #expect(book.came(alice, by: LinkID(1), at: .start) == .unknown)
        #expect(book.expect([alice, bob]) == [])
        #expect(book.came(alice, by: LinkID(2), at: .start) == .admitted(replacing: nil))
        #expect(book.came(alice, by: LinkID(3), at: .start) == .admitted(replacing: LinkID(2)))
        let hasLeft = book.left(alice, LinkID(2))
        #expect(!hasLeft)
        #expect(book.link(of: alice) == LinkID(3))
        #expect(book.expect([bob]) == [LinkID(3)])
        #expect(book.came(alice, by: LinkID(4), at: .start) == .unknown)
    }

    @Test func `has room for no more links than its limit`() {
        var book = GuestBook()
        _ = book.expect(Set((0..<300).map { Self.guest($0) }))
        for number in 0..<256 {
            #expect(
                book.came(Self.guest(number), by: LinkID(UInt64(number)), at: .start)
                    == .admitted(replacing: nil)
            )
        }
        #expect(book.came(Self.guest(256), by: LinkID(256), at: .start) == .busy)
        // In the place of its own it needs none.
        #expect(
            book.came(Self.guest(7), by: LinkID(257), at: .start) == .admitted(replacing: LinkID(7))
        )
        let hasLeft = book.left(Self.guest(8), LinkID(8))
        #expect(hasLeft)
        #expect(book.came(Self.guest(256), by: LinkID(258), at: .start) == .admitted(replacing: nil))
    }

    @Test func `a guest may come so often`() {
        var book = GuestBook()
        _ = book.expect([Self.guest(1)])
        var admitted = 0
        for number in 0..<100 where book.came(Self.guest(1), by: LinkID(UInt64(number)), at: .start) != .busy
        {
            admitted += 1
        }
        #expect(admitted == 16)
        #expect(book.came(Self.guest(1), by: LinkID(200), at: Self.at(1)) != .busy)
    }

    @Test func `who has offended stays away, each time for longer, and is forgiven at last`() {
        var book = GuestBook()
        let alice = Self.guest(1)
        _ = book.expect([alice])
        book.offended(alice, at: .start)
        #expect(book.came(alice, by: LinkID(1), at: Self.at(9)) == .busy)
        #expect(book.came(alice, by: LinkID(2), at: Self.at(10)) == .admitted(replacing: nil))
        book.offended(alice, at: Self.at(10))
        #expect(book.came(alice, by: LinkID(3), at: Self.at(29)) == .busy)
        #expect(book.came(alice, by: LinkID(4), at: Self.at(30)) != .busy)
        book.offended(alice, at: Self.at(4_000))
        #expect(book.came(alice, by: LinkID(5), at: Self.at(4_011)) != .busy)
    }
}
