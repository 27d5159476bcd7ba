import ArgumentParser
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle watch`.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows live what happens to one or several running nodes.",
        discussion: """
            Begins with the newest events that the nodes have kept. A node that is down is tried again until it is up.

            Examples:
              oracle watch --data /var/lib/oracle
              oracle watch --socket node-1/data/oracle.sock --socket node-2/data/oracle.sock
              oracle watch --json | jq 'select(.event == "viewEntered")'
            """
    )

    @Option(name: .long, help: ArgumentHelp("A node's data directory; may be given again.", valueName: "dir"))
    var data: [String] = []

    @Option(name: .long, help: ArgumentHelp("A node's status socket; may be given again.", valueName: "path"))
    var socket: [String] = []

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    func run() async throws {
        let directories = data.isEmpty && socket.isEmpty ? ["."] : data
        let sockets = directories.map { FilePath($0).appending("oracle.sock") } + socket.map { FilePath($0) }
        let view = WatchView(isTerminal: Terminal.isOutput, isJSON: json, isMany: sockets.count > 1)
        let order = TimeOrder()
        await withDiscardingTaskGroup { group in
            for (offset, socket) in sockets.enumerated() {
                group.addTask { await Self.follow(socket, number: offset + 1, order) }
            }
            group.addTask { await Self.show(order, view) }
        }
    }

    /// Prints what is due, until cancelled.
    private static func show(_ order: TimeOrder, _ view: WatchView) async {
        // Time for all nodes to send what they have kept.
        try? await Task.sleep(for: .milliseconds(250))
        while !Task.isCancelled {
            for item in order.take(at: now) { view.show(item) }
            // Only cancellation ends the sleep early, and the loop sees it.
            try? await Task.sleep(for: .milliseconds(25))
        }
    }

    private static var now: Double { Date().timeIntervalSince1970 * 1_000 }

    /// Gathers a node's events, and those of its later lives.
    private static func follow(_ socket: FilePath, number: Int, _ order: TimeOrder) async {
        let client = StatusClient(socket: socket)
        var newest = 0.0
        var wasReached = false
        while !Task.isCancelled {
            do throws(StatusClientError) {
                try await client.events { event in
                    wasReached = true
                    guard event.time > newest else { return }
                    newest = event.time
                    order.add(WatchItem(node: number, time: event.time, content: .event(event)))
                }
            } catch {
                // Not running, or not yet: tried again below.
            }
            if wasReached { order.add(WatchItem(node: number, time: now, content: .lost)) }
            wasReached = false
            // Only cancellation ends the sleep early, and the loop sees it.
            try? await Task.sleep(for: .milliseconds(250))
        }
    }
}
