using Suite.Cli.Inspection;
using Suite.Container.V1;
using Suite.Graph.V1;
using InspectResponse = Suite.Container.V1.InspectResponse;

namespace Suite.Cli.Tests.Inspection;

public sealed class OwnChangesTests
{
    private static readonly InspectResponse Container = new()
    {
        Mounts = { new MountInfo { Target = "/srv/data/" } },
        Spec = new ContainerSpec { Tmpfs = { new TmpfsMount { Target = "/scratch" } } },
    };

    [Theory]
    [InlineData("A /dev,C /etc,A /etc/hostname,A /etc/hosts,A /etc/resolv.conf,A /proc,A /scratch,C /srv,A /srv/data,A /sys", "")]
    [InlineData("C /etc,A /etc/hosts,C /etc/passwd", "C /etc,C /etc/passwd")]
    [InlineData("C /etc,C /etc/hosts", "C /etc,C /etc/hosts")]
    [InlineData("A /devices,D /proc,C /srv,A /srv/data,A /srv/database", "A /devices,D /proc,C /srv,A /srv/database")]
    public void Where_the_runtime_mounts_something_is_no_change_of_the_containers(string all, string own) =>
        Assert.Equal(own, string.Join(',', OwnChanges.Of([.. all.Split(',').Select(Parse)], Container).Select(Text)));

    private static RootfsChange Parse(string text) => new()
    {
        Kind = text[0] switch { 'A' => ChangeKind.Added, 'D' => ChangeKind.Deleted, _ => ChangeKind.Modified },
        Path = text[2..],
    };

    private static string Text(RootfsChange change) => $"{change.Kind.ToString()[0] switch { 'M' => 'C', var letter => letter }} {change.Path}";
}
