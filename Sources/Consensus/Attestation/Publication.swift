package import Primitives

/// The body of a log entry of topic ``LogTopic/publication``: what an operator has its member say to all.
///
/// It is its author's word. What the committee attests of it is that it was said, and at the latest when; not that it is
/// true, nor that the time in it is.
package struct Publication: SSZContainer {
    /// When, by the author's own clock.
    package var time: UnixMilliseconds
    /// What it is about, in UTF-8: one line for people.
    package var title: ByteList<128>
    /// What is said.
    package var content: ByteList<16_384>

    /// Joins the fields.
    package init(time: UnixMilliseconds, title: ByteList<128>, content: ByteList<16_384>) {
        self.time = time
        self.title = title
        self.content = content
    }

    package static let fields = [
        SSZField("time", UnixMilliseconds.self),
        SSZField("title", ByteList<128>.self),
        SSZField("content", ByteList<16_384>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(time)
        visitor.field(title)
        visitor.field(content)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        time = try reader.field()
        title = try reader.field()
        content = try reader.field()
    }
}
