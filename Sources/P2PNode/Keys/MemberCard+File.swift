internal import FoundationEssentials
package import SystemPackage

extension MemberCard {
    /// Writes the card and a line break, in place of an older one.
    package func write(to file: FilePath) throws(KeyError) {
        do {
            try AtomicFile.write(unsafe Array((json + "\n").utf8).span.bytes, to: file, replacing: true)
        } catch {
            throw .file(file.string, "\(error)")
        }
    }

    /// The card in a file.
    package init(reading file: FilePath) throws(KeyError) {
        guard let content = FileManager.default.contents(atPath: file.string) else {
            throw .missing(file.string)
        }
        guard let card = MemberCard(json: Array(content)) else {
            throw .mismatch(
                file.string,
                detail: "no member card: {\"account\", \"identity\", \"encryptionKey\", \"endpoint\"}"
            )
        }
        self = card
    }
}
