/// Why the store did not do what it was asked.
///
/// Whatever it is, the node cannot promise anything more: it stops signing until a person has acted on it.
package enum StoreError: Error, Hashable, Sendable {
    /// The database is gone or empty although the node has run before.
    case missing(path: String)
    /// The write-ahead log is gone although the database was not closed.
    case logMissing(path: String)
    /// What the file holds is not what was written.
    case corrupt(path: String, detail: String)
    /// The file belongs to another program.
    case foreign(path: String)
    /// A newer version of the node has changed the database's form.
    case newer(path: String)
    /// It is of an older version of the node, which has not been brought to this one's form yet.
    case older(path: String)
    /// The disk, or what the file may take of it, is used up.
    case full(path: String)
    /// The operating system could not read or write.
    case io(path: String, detail: String)
    /// Another program holds the database.
    case busy(path: String)
    /// The database's engine refused for a reason of its own.
    case unexpected(path: String, detail: String)
    /// The caller asked for what may not be; nothing was written.
    case refused(RefusedWrite)
    /// More waits to be written than the disk has kept up with.
    case overloaded(bytes: Int)
    /// The node is shutting down.
    case closed
}

/// A write that contradicts what is stored.
package enum RefusedWrite: Hashable, Sendable {
    /// The entry is not the next one of its log.
    case gap(author: String, sequence: UInt64, expected: UInt64)
    /// The log has a different entry at this place.
    case conflict(author: String, sequence: UInt64)
    /// SQLite has no integers above 2^63 - 1.
    case number(UInt64)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path):
            "the database \(path) is gone, but this node has run before. \(Self.lostPromises)"
        case .logMissing(let path):
            "the write-ahead log \(path) is gone, with the last writes of this node. \(Self.lostPromises)"
        case .corrupt(let path, let detail):
            "the database \(path) is damaged (\(detail)). 'oracle store check' says what is lost; 'oracle store salvage' "
                + "makes a new one of what is whole, unless what guards the node's votes is not. Do not restore an older backup"
        case .foreign(let path):
            "the file \(path) is a database of another program. Point data.directory at the node's own directory"
        case .newer(let path):
            "the database \(path) was last used by a newer version of this program. Install that version again; "
                + "an older one cannot read it safely"
        case .older(let path):
            "the database \(path) was last used by an older version of this program. Start the node once with this one"
        case .full(let path):
            "there is no room left to write \(path). Free space on its disk, then start the node again"
        case .io(let path, let detail):
            "the operating system cannot read or write \(path) (\(detail)). Look for disk errors with dmesg, check "
                + "quotas and limits, then start the node again"
        case .busy(let path):
            "another program holds the database \(path). Close it, then start the node again"
        case .unexpected(let path, let detail):
            "the database \(path) does not do as asked: \(detail)"
        case .refused(let refusal):
            "\(refusal)"
        case .overloaded(let bytes):
            "\(bytes) bytes wait to be written: the disk cannot keep up. Use a faster one"
        case .closed:
            "the store is closed"
        }
    }

    private static var lostPromises: String {
        "It holds the votes this node has cast, and a node that forgets them can be made to contradict itself. Do not "
            + "restore an older backup. Move the data directory away, make new keys with 'oracle keys new' and have "
            + "the committee replace this member"
    }
}

extension RefusedWrite: CustomStringConvertible {
    package var description: String {
        switch self {
        case .gap(let author, let sequence, let expected):
            "entry \(sequence) of the log of \(author) cannot be stored: the next one is \(expected)"
        case .conflict(let author, let sequence):
            "entry \(sequence) of the log of \(author) cannot be stored: there is a different one"
        case .number(let number):
            "\(number) is greater than the store can hold"
        }
    }
}
