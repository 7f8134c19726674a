using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Vfs;

namespace Suite.Contract.Tests.Graph;

public sealed class VfsDriverTests : GraphDriverContract
{
    private protected override IGraphDriver Open(string root) => new VfsDriver(root);
}
