using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Overlay;

namespace Suite.Contract.Tests.Graph;

public sealed class OverlayDriverTests : GraphDriverContract
{
    private protected override IGraphDriver Open(string root) => new OverlayDriver(root);
}
