import Foundation
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

    /// Runs it to its end.
    ///
    /// The environment is empty but for what is given, so that no setting of the machine gets in.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "",
        in directory: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
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

    /// A key file of fixed bytes.
    func keyFile(_ byte: UInt8 = 7, permissions: Int = 0o600) throws -> String {
        try write(Data(repeating: byte, count: 32), to: "seal-\(byte).key", permissions: permissions)
    }
}
