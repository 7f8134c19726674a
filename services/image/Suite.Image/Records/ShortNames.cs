using Microsoft.Extensions.Options;
using Suite.Image.Options;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Image.Records;

/// <summary>Names without a host, which may be meant for one of several registries.</summary>
internal sealed class ShortNames(IOptions<ImageOptions> options, ImageDatabase database)
{
    private readonly string[] _registries = [.. options.Value.SearchRegistries];

    /// <summary>Where to look for an image that is to be pulled, in order.</summary>
    public IReadOnlyList<Reference> Candidates(string called)
    {
        var plain = Reference.Parse(called);
        return IsShort(called, plain) ? [.. _registries.Select(host => Reference.Parse($"{host}/{called}"))] : [plain];
    }

    /// <summary>The name under which it is here; as it was called when it is not, or is no short name.</summary>
    public string Here(string called)
    {
        if (!Reference.TryParse(called, out var plain) || !IsShort(called, plain)) return called;
        foreach (var host in _registries)
            if (Reference.TryParse($"{host}/{called}", out var name) && database.Read(s => ImageFinder.FindId(s, name.Canonical().ToString())) is not null)
                return name.Canonical().ToString();
        return called;
    }

    /// <summary>The first registry that has it. What another failure than its absence means must not be hidden by the next one's image.</summary>
    public async Task<T> TryAsync<T>(string called, Func<Reference, Task<T>> pull)
    {
        var candidates = Candidates(called);
        foreach (var name in candidates.SkipLast(1))
        {
            try
            {
                return await pull(name).ConfigureAwait(false);
            }
            catch (SuiteException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unauthenticated or ErrorKind.PermissionDenied)
            {
            }
        }

        return await pull(candidates[^1]).ConfigureAwait(false);
    }

    /// <summary>No host was written: with docker.io/ before it, it is the same name.</summary>
    private bool IsShort(string called, Reference parsed) =>
        _registries.Length > 0 && parsed.Host == Reference.DefaultHost
        && !called.StartsWith("docker.io/", StringComparison.Ordinal) && !called.StartsWith("index.docker.io/", StringComparison.Ordinal);
}
