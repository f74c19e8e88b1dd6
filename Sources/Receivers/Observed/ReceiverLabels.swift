/// The labels by which thanos-receive-controller, and the drop-in for it, find the StatefulSets of receivers.
public enum ReceiverLabels {
    /// The label of all of them.
    public static let controller = "controller.receive.thanos.io"
    /// The value of ``controller``, unless the controller is told another.
    public static let controllerValue = "thanos-receive-controller"
    /// The label that names the hashring.
    public static let ring = "controller.receive.thanos.io/hashring"
}
