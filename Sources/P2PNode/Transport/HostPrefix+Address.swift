internal import Glibc
internal import Gossip
internal import NIOCore

extension HostPrefix {
    /// The prefix of a connection's remote address; `nil` for what is no IP address.
    init?(_ address: SocketAddress) {
        guard let numeric = address.ipAddress else { return nil }
        self.init(numeric: numeric)
    }

    /// The prefix of an address in numbers; `nil` for a name.
    init?(numeric text: String) {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            guard unsafe inet_pton(family, text, &bytes) == 1 else { continue }
            self.init(bytes)
            return
        }
        return nil
    }
}
