namespace Suite.Bench.Images;

/// <summary>What is pulled and run.</summary>
/// <param name="Small">busybox and the idle program: one layer of about 2 MB.</param>
/// <param name="Large">Four layers, 128 MiB unpacked.</param>
/// <param name="Pause">The idle program alone.</param>
internal sealed record TestImages(string Small, string Large, string Pause)
{
    public static async Task<TestImages> PushAsync(string registry)
    {
        var idle = IdleProgram.Compile();
        using var push = new RegistryPush(registry);
        return new TestImages(
            await push.PushAsync("bench/small", "/bin/idle", Layer.Busybox(idle)),
            await push.PushAsync("bench/large", "/bin/idle", [.. Enumerable.Range(1, 4).Select(seed => Layer.Bulk(seed, 32))]),
            await push.PushAsync("bench/pause", "/pause", Layer.Single("pause", idle)));
    }
}
