import Foundation
import Glibc
import Testing

/// The program that was built beside the tests, run as a process of its own.
struct Command {
    /// What a run has left.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    private static let program: URL = {
        // The test bundle lies in the folder of the products; its path is the process's first or second argument.
        let arguments = CommandLine.arguments.map { URL(filePath: $0).deletingLastPathComponent() }
        let folders =
            arguments + [
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            ]
        let candidates = folders.map { $0.appending(path: "oracle") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }()

    private static let surroundings = ProcessInfo.processInfo.environment
        .filter { ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
        .merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }

    /// Runs it to its end.
    ///
    /// The environment is empty but for what is given, so that no setting of the machine gets in, and for what a
    /// sanitizer was told.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "",
        in directory: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment.merging(surroundings) { own, _ in own }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        // What these commands say fits into a pipe, so reading one after the other cannot block them.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }
}

/// The program while it runs.
final class RunningCommand: Sendable {
    private let process: Process

    init(_ process: Process) throws {
        self.process = process
        try process.run()
    }

    /// The process's number.
    var identifier: Int32 { process.processIdentifier }

    /// Waits until a file is there.
    ///
    /// - Throws: ``Ended`` when the process has ended before.
    func wait(for file: String) async throws {
        while !FileManager.default.fileExists(atPath: file) {
            guard process.isRunning else { throw Ended() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for its end, and says how it ended.
    var status: Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Ends it at once.
    func end() {
        kill(identifier, SIGKILL)
        process.waitUntilExit()
    }

    struct Ended: Error {}
}

extension Command {
    /// Starts it, behind a command that runs it if one is given, and lets it run; what it says is not read.
    static func start(_ arguments: [String], behind prefix: [String] = []) throws -> RunningCommand {
        let process = Process()
        let command = prefix + [program.path] + arguments
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = surroundings
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return try RunningCommand(process)
    }

    /// What runs a command as another user, or nothing where this one may not, or the other may not run the program.
    static func prefix(of user: UInt32) -> [String] {
        let prefix = ["/usr/bin/setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups"]
        guard getuid() == 0, FileManager.default.isExecutableFile(atPath: prefix[0]),
            let trial = try? start(["version"], behind: prefix)
        else { return [] }
        return trial.status == 0 ? prefix : []
    }
}

/// A directory that is gone when the value is.
final class Workplace: Sendable {
    let path: String

    init() throws {
        let name = "command-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        path = URL(filePath: NSTemporaryDirectory()).appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file with a mode.
    @discardableResult
    func write(_ content: Data, to name: String, permissions: Int = 0o600) throws -> String {
        let file = path + "/" + name
        try content.write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
        return file
    }

    @discardableResult
    func write(_ content: String, to name: String) throws -> String {
        try write(Data(content.utf8), to: name)
    }

    /// Makes it and all in it another user's.
    func give(to user: UInt32) throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: path).map { path + "/" + $0 }
        for file in [path] + files where unsafe chown(file, user, user) != 0 {
            throw POSIXError(.EPERM)
        }
    }

    /// A key file of fixed bytes.
    func keyFile(_ byte: UInt8 = 7, permissions: Int = 0o600) throws -> String {
        try write(Data(repeating: byte, count: 32), to: "seal-\(byte).key", permissions: permissions)
    }
}
