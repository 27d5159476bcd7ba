package import Primitives

/// The body of messages that carry several signed objects: `List[SignedObject, 256]`.
package typealias ObjectBatch = SSZList<SignedObject, 256>

extension ObjectBatch {
    /// The messages that carry the objects in order, each within its type's limits.
    ///
    /// - Complexity: O(bytes).
    static func messages(_ type: MessageType, carrying objects: [SignedObject]) -> [LinkMessage] {
        var messages: [LinkMessage] = []
        var batch: [SignedObject] = []
        var size = 0
        func close() {
            guard let list = ObjectBatch(batch), !batch.isEmpty else { return }
            messages.append(LinkMessage(type, body: list.sszBytes))
            batch = []
            size = 0
        }
        for object in objects {
            let added = 4 + object.sszSize
            if batch.count == 256 || size + added > type.bodyLimit { close() }
            batch.append(object)
            size += added
        }
        close()
        return messages
    }
}
