using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Suite.Bench.Registries;

/// <summary>suite-registry beside Debian's docker-registry, in turns, as ratios: `make bench-registry`.</summary>
internal static class RegistryBench
{
    private const int Mebibyte = 1 << 20;
    private const int Turns = 3;
    private const double Goal = 1.5;

    private static readonly int[] Clients = [1, 16];

    /// <param name="largeBytes">The length of the blob that passes through at the end; 0: none does.</param>
    /// <param name="only">Rows to run, by a part of their name; a row that pulls runs with the one that pushes for it. Null: all.</param>
    public static void Run(long largeBytes, string? only)
    {
        using var suite = RegistryServer.StartSuite();
        using var docker = RegistryServer.StartDocker();
        RegistryServer[] servers = [suite, docker];
        Console.WriteLine($"{"",-30}{"suite-registry",16}{"docker-registry",17}{"ratio",8}   peak MiB");
        foreach (var (size, count) in new[] { (1, 240), (10, 48), (100, 16) })
        {
            var supply = new BlobSupply(size * Mebibyte);
            foreach (var clients in Clients)
            {
                if (only is not null && !$"push pull {size} MiB, {clients} clients".Contains(only, StringComparison.Ordinal))
                    continue;
                var used = clients == 1 ? Math.Max(6, count / 4) : count;
                var pushed = new Dictionary<RegistryServer, IReadOnlyList<(byte[] First, string Digest)>>();
                Row($"push {size} MiB, {clients} clients", "MiB/s", servers, server =>
                {
                    var blobs = pushed[server] = supply.Make(used);
                    var seconds = AtOnce(server, clients, used, (client, i) => RegistryWork.Push(client, blobs[i], supply.Rest));
                    return used * size / seconds;
                });
                Row($"pull {size} MiB, {clients} clients", "MiB/s", servers, server =>
                    used * size / AtOnce(server, clients, used, (client, i) => RegistryWork.Pull(client, pushed[server][i].Digest)));
            }
        }

        if (only is null or "manifests")
            Manifests(servers);
        foreach (var server in servers)
            Large(server, largeBytes);
    }

    private static void Manifests(RegistryServer[] servers)
    {
        const int Tags = 50;
        var supply = new BlobSupply(Mebibyte);
        var layers = supply.Make(Tags);
        foreach (var server in servers)
        {
            using var client = new RawClient(server.Port);
            for (var i = 0; i < Tags; i++)
            {
                RegistryWork.Push(client, layers[i], supply.Rest);
                RegistryWork.PushManifest(client, $"t{i}", layers[i].Digest, Mebibyte);
            }
        }

        foreach (var clients in Clients)
        {
            var used = clients == 1 ? 2000 : 8000;
            Row($"manifest by tag, {clients} clients", "/s", servers, server =>
                used / AtOnce(server, clients, used, (client, i) => RegistryWork.PullManifest(client, $"t{i % Tags}")));
        }

        foreach (var clients in Clients)
        {
            // Of ten: a push of an image, two pulls of a layer, seven manifests.
            var used = clients == 1 ? 300 : 1200;
            Row($"mixed, {clients} clients", "/s", servers, server =>
            {
                var fresh = supply.Make(used);
                return used / AtOnce(server, clients, used, (client, i) =>
                {
                    if (i % 10 == 0)
                    {
                        RegistryWork.Push(client, fresh[i], supply.Rest);
                        RegistryWork.PushManifest(client, $"m{i % 100}", fresh[i].Digest, Mebibyte);
                    }
                    else if (i % 10 is 3 or 6)
                    {
                        RegistryWork.Pull(client, layers[i % Tags].Digest);
                    }
                    else
                    {
                        RegistryWork.PullManifest(client, $"t{i % Tags}");
                    }
                });
            });
        }
    }

    /// <summary>One blob of many gigabytes in and out again, and what memory it took.</summary>
    private static void Large(RegistryServer server, long bytes)
    {
        if (bytes == 0)
            return;
        var piece = RandomNumberGenerator.GetBytes(4 * Mebibyte);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long i = 0; i < bytes; i += piece.Length)
            hash.AppendData(piece.AsSpan(0, (int)Math.Min(piece.Length, bytes - i)));
        var digest = "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
        server.ForgetPeak();
        var before = server.Memory().Now;
        using var client = new RawClient(server.Port);
        var began = Stopwatch.GetTimestamp();
        var location = client.Send("POST", $"/v2/{RegistryWork.Repository}/blobs/uploads/").Location!;
        var put = client.SendRepeated("PUT", RegistryWork.PutPath(location, digest), piece, bytes);
        RegistryWork.Pull(client, digest);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{server.Name}: {bytes >> 30} GiB in and out ({put.Status}) in {seconds:F1} s; memory {before >> 10} MiB before, {server.Memory().Peak >> 10} MiB at most"));
    }

    private static void Row(string name, string unit, RegistryServer[] servers, Func<RegistryServer, double> measure)
    {
        var best = servers.ToDictionary(server => server, _ => new List<double>());
        var peaks = servers.ToDictionary(server => server, _ => 0L);
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var server in servers)
            {
                server.ForgetPeak();
                best[server].Add(measure(server));
                peaks[server] = Math.Max(peaks[server], server.Memory().Peak);
            }
        }

        double Median(RegistryServer server) => best[server].Order().ElementAt(Turns / 2);
        var ratio = Median(servers[0]) / Median(servers[1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-30}{Median(servers[0]),10:F0} {unit,-5}{Median(servers[1]),11:F0} {unit,-5}{ratio,8:F2} {(ratio >= Goal ? " " : "<")}  {peaks[servers[0]] >> 10} : {peaks[servers[1]] >> 10}"));
    }

    /// <returns>Seconds for all of the work, done by so many clients.</returns>
    private static double AtOnce(RegistryServer server, int clients, int count, Action<RawClient, int> work)
    {
        var next = -1;
        Exception? failure = null;
        using var gate = new Barrier(clients + 1);
        var threads = Enumerable.Range(0, clients).Select(_ => new Thread(() =>
        {
            using var client = new RawClient(server.Port);
            gate.SignalAndWait();
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < count;)
                    work(client, i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        gate.SignalAndWait();
        var began = Stopwatch.GetTimestamp();
        threads.ForEach(thread => thread.Join());
        return failure is null ? Stopwatch.GetElapsedTime(began).TotalSeconds : throw failure;
    }
}
