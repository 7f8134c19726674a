using Suite.Runtime.Oci.Containers;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.CommandLines;

/// <summary>What every command works with.</summary>
internal sealed record Session(StateRoot Root, ErrorLog Log);
