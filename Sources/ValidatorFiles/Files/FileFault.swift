/// What is wrong with a file, where, and what to do about it.
package struct FileFault: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Where in the file, as `shares[0].payload.sharesData`; empty for the file as a whole.
    package var place: String
    /// What is wrong there.
    package var problem: String
    /// What whoever holds the file can do.
    package var remedy: String

    /// A fault at a place.
    package init(_ place: String, _ problem: String, remedy: String) {
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        (place.isEmpty ? problem : "\(place): \(problem)") + "; " + remedy
    }
}

/// Advice that many refusals share.
enum Remedy {
    /// For a file that its writer cannot have meant so.
    static let fetchAgain = "get the file again from whoever made it, and use none of it"
    /// For a file that is well formed, but says something that is not so.
    static let doNotUse = "do not use the file: it was altered, or made by a program that is broken"
}
