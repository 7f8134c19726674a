using Suite.Image.Layers;

namespace Suite.Image.Builds.Cache;

/// <summary>What a step made, now or before.</summary>
/// <param name="Layer">Held; null: the step changes no file.</param>
/// <param name="WasCached">Nothing had to be done.</param>
/// <param name="Created">When it was made: an image that is built again from the cache is the same image.</param>
internal sealed record CachedStep(WrittenLayer? Layer, bool WasCached, DateTimeOffset Created);
