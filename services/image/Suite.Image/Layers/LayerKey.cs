using System.Text;
using Suite.Oci.References;

namespace Suite.Image.Layers;

/// <summary>
/// What a layer is known by. Where layers are independent it is the digest of the archive; where a layer is content of the whole stack
/// it is the chain id (image-spec config.md, "Layer ChainID"), as the same archive above another stack is another layer.
/// </summary>
internal static class LayerKey
{
    /// <param name="below">Digests of the archives below, lowest first.</param>
    public static Digest Of(bool independent, IEnumerable<Digest> below, Digest diffId) => independent
        ? diffId
        : below.Append(diffId).Aggregate((chain, next) => Digest.Compute(Encoding.ASCII.GetBytes($"{chain} {next}")));
}
