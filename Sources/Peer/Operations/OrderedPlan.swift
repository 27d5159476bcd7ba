package import KeyOperations
package import Primitives

/// A leader's word, in its log, that an attempt is to be made.
///
/// The view shows that it was the author's turn. The attempt is the plan's alone: leaders of several views that write
/// down one plan order one attempt.
package struct OrderedPlan: SSZContainer {
    /// In which view the author has led.
    package var view: View
    /// What is to be done.
    package var plan: OperationPlan

    /// Joins the two.
    package init(view: View, plan: OperationPlan) {
        self.view = view
        self.plan = plan
    }

    package static let fields = [
        SSZField("view", View.self),
        SSZField("plan", OperationPlan.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(view)
        visitor.field(plan)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        view = try reader.field()
        plan = try reader.field()
    }
}
