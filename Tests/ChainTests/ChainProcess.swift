import Foundation
import Glibc
import TestSupport

/// The development chain's program, or the beacon chain's, in a process of its own.
///
/// Nothing here waits for the process on a thread: tests run on few, and libdispatch's threads block all signals, which
/// a child inherits. So the chain is not ended by a signal; it ends when its standard input does, which is when this
/// object or the process of the tests ends, however that happens.
final class ChainProcess: Sendable {
    /// The interpreter with what the chain needs.
    static let python = Fixture.repository.appending(path: ".venv/bin/python")

    /// How long a start may take; it is below two seconds where there is nothing else to do.
    static let patience = Duration.seconds(120)

    /// The line of JSON with which it says that it is ready.
    let readyLine: [UInt8]
    private let process: Process
    private let input: Pipe

    /// Starts it.
    ///
    /// - Throws: ``Failure`` when it does not come up.
    init(_ arguments: [String], module: String = "devchain") async throws {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = Self.python
        process.currentDirectoryURL = Fixture.repository.appending(path: "testnet")
        process.arguments = ["-m", module, "--port", "0", "--until-eof"] + arguments
        process.standardInput = input
        process.standardOutput = output
        let (chunks, teller) = AsyncStream.makeStream(of: Data.self)
        output.fileHandleForReading.readabilityHandler = { handle in
            let chunk = handle.availableData
            teller.yield(chunk)
            if chunk.isEmpty {
                handle.readabilityHandler = nil
                teller.finish()
            }
        }
        defer {
            output.fileHandleForReading.readabilityHandler = nil
            teller.finish()
        }
        try process.run()
        self.process = process
        self.input = input
        do {
            readyLine = try await Self.firstLine(of: chunks)
        } catch {
            kill(process.processIdentifier, SIGKILL)
            throw error
        }
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    private static func firstLine(of chunks: AsyncStream<Data>) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                var line: [UInt8] = []
                for await chunk in chunks {
                    line += chunk
                    if let end = line.firstIndex(of: UInt8(ascii: "\n")) { return Array(line[..<end]) }
                }
                throw Failure.ended
            }
            group.addTask {
                try await Task.sleep(for: patience)
                throw Failure.silent
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    /// Why there is no chain.
    enum Failure: Error, CustomStringConvertible {
        case ended
        case silent

        var description: String {
            switch self {
            case .ended: "the chain ended before it was ready; what it said is above"
            case .silent: "the chain was not ready within \(ChainProcess.patience)"
            }
        }
    }
}
