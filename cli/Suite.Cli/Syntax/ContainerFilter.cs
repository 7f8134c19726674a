using System.Globalization;
using Suite.Cli.Output;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>ps --filter: values of one name are alternatives, but for labels, which must all be there.</summary>
internal sealed class ContainerFilter
{
    public static readonly string[] Names =
        ["ancestor", "before", "exited", "health", "id", "label", "name", "network", "publish", "since", "status", "volume"];

    private static readonly string[] States = ["created", "running", "paused", "restarting", "exited"];

    private readonly Filters _filters;
    private readonly long _before;
    private readonly long _since;

    public ContainerFilter(Filters filters, IReadOnlyList<ContainerInfo> all)
    {
        _filters = filters;
        if (filters.Of("status").FirstOrDefault(state => !States.Contains(state)) is { } unknown)
            throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --filter status={unknown}: there are {string.Join(", ", States)}");
        (_before, _since) = (MadeAt("before", long.MaxValue), MadeAt("since", long.MinValue));

        long MadeAt(string name, long otherwise) => filters.Of(name).FirstOrDefault() is not { } value ? otherwise
            : all.FirstOrDefault(c => c.Name == value || c.Id.StartsWith(value, StringComparison.Ordinal))?.CreatedAt
                ?? throw new SuiteException(ErrorKind.NotFound, $"cannot use --filter {name}={value}: there is no container {value}");
    }

    public bool Matches(ContainerInfo container) =>
        container.CreatedAt < _before && container.CreatedAt > _since
        && _filters.Any("id", value => container.Id.StartsWith(value, StringComparison.Ordinal))
        && _filters.Any("name", value => Filters.IsFound(value, container.Name) || Filters.IsFound(value, "/" + container.Name))
        && _filters.Any("status", value => ContainerText.Word(container.State).Equals(value, StringComparison.OrdinalIgnoreCase))
        && _filters.Any("exited", value => container.State == State.Exited && container.ExitCode.ToString(CultureInfo.InvariantCulture) == value)
        && _filters.Any("health", value => container.Health == value || (value == "none" && container.Health.Length == 0))
        && _filters.Any("ancestor", value => IsImage(container, value))
        && _filters.Any("network", value => container.Networks.Contains(value))
        && _filters.Any("volume", value => container.Mounts.Contains(value))
        && _filters.Any("publish", value => container.Ports.Any(p => p.HostPort > 0 && (value == $"{p.HostPort}" || value == $"{p.HostPort}/{p.Protocol}")))
        && _filters.All("label", value => Filters.HasLabel(container.Labels, value));

    private static bool IsImage(ContainerInfo container, string value)
    {
        var name = ImageNames.Familiar(container.Image);
        return name == value || name == $"{value}:latest" || $"{name}:latest" == value
            || container.ImageId == value || Figures.ShortId(container.ImageId).StartsWith(value, StringComparison.Ordinal);
    }
}
