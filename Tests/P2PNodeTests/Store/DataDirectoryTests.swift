import Foundation
import SystemPackage
import Testing

@testable import P2PNode

@Suite struct DataDirectoryTests {
    private let parent: TemporaryDirectory

    init() throws {
        parent = try TemporaryDirectory()
    }

    @Test func `is made for its user alone, once`() throws {
        let path = parent.path.appending("node")
        let made = try DataDirectory(creating: path)
        #expect(try mode(of: path) == .ownerReadWriteExecute)
        #expect(try DataDirectory(creating: path) == made)
        #expect(try DataDirectory(opening: path) == made)
    }

    @Test func `must exist to be opened`() {
        let path = parent.path.appending("none")
        #expect(throws: DataDirectoryError.missing(path.string)) { try DataDirectory(opening: path) }
        #expect(DataDirectoryError.missing(path.string).description.contains("oracle keys new --data"))
    }

    @Test(arguments: [0o750, 0o705, 0o701, 0o720])
    func `is refused while others may enter`(_ permissions: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions],
            ofItemAtPath: parent.path.string
        )
        let error = #expect(throws: DataDirectoryError.open(parent.path.string)) {
            try DataDirectory(opening: parent.path)
        }
        #expect(error?.description.contains("chmod 700 \(parent.path)") == true)
    }

    @Test func `is no file`() throws {
        let path = parent.path.appending("file")
        try Data().write(to: URL(filePath: path.string))
        #expect(throws: DataDirectoryError.unusable(path.string, "it is not a directory")) {
            try DataDirectory(opening: path)
        }
        #expect(throws: DataDirectoryError.self) { try DataDirectory(creating: path) }
    }

    @Test func `has one lock, free again when its holder lets go`() throws {
        let directory = try parent.data
        let own = ProcessInfo.processInfo.processIdentifier
        do {
            let lock = try DirectoryLock(directory)
            #expect(throws: DataDirectoryError.inUse(directory.path.string, process: own)) {
                _ = try DirectoryLock(directory)
            }
            withExtendedLifetime(lock) {}
        }
        _ = try DirectoryLock(directory)
    }

    @Test func `the lock ends with its holder though a child process has its file still`() throws {
        let directory = try parent.data
        let inherited: Int32
        do {
            let lock = try DirectoryLock(directory)
            inherited = dup(lock.descriptor.rawValue)
        }
        defer { close(inherited) }
        _ = try DirectoryLock(directory)
    }
}
