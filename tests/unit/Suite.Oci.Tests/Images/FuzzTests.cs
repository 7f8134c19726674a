using System.Text;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Oci.Tests.Images;

/// <summary>
/// Documents of strangers, changed at random: each is read or refused with our exception, and nothing else happens. SUITE_FUZZ_SECONDS
/// makes it longer; a failure prints the seed and the document.
/// </summary>
public sealed class FuzzTests
{
    private static readonly string[] Documents =
    [
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":10},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","size":5,"urls":["http://x"],"annotations":{"a":"b"},"data":"eA=="}],"annotations":{"k":"v"}}
        """,
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","size":7,
         "platform":{"architecture":"arm","os":"linux","os.version":"1","os.features":["f"],"variant":"v7"}}]}
        """,
        """
        {"created":"2026-01-02T03:04:05Z","author":"me","architecture":"amd64","os":"linux","config":{"User":"1:2","ExposedPorts":{"80/tcp":{}},"Env":["A=1"],"Entrypoint":["/e"],"Cmd":["c"],"Volumes":{"/v":{}},"WorkingDir":"/w","Labels":{"l":"1"},"StopSignal":"SIGTERM"},
         "rootfs":{"type":"layers","diff_ids":["sha256:3333333333333333333333333333333333333333333333333333333333333333"]},"history":[{"created":"2026-01-02T03:04:05Z","created_by":"x","empty_layer":true}]}
        """,
    ];

    private static readonly string[] Pieces =
        ["null", "{}", "[]", "-1", "1e400", "99999999999999999999", "\"\"", "true", "[[[[", "{\"a\":", "\\u0000", "\uFFFD", "sha256:", "sha512:", "\"digest\"", ",", ":", "}", "]"];

    [Fact]
    public void A_changed_document_is_read_or_refused()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("SUITE_FUZZ_SECONDS"), out var asked) ? asked : 1;
        var seed = seconds > 1 ? Random.Shared.Next() : 1;
        var random = new Random(seed);
        var started = TimeProvider.System.GetTimestamp();
        var (read, refused) = (0, 0);
        while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var document = Change(random, Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]));
            try
            {
                if (TryAll(document)) read++;
                else refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}\n{Encoding.UTF8.GetString(document)}");
            }
        }

        Assert.True(read > 0 && refused > 0);
    }

    private static bool TryAll(byte[] document)
    {
        Action[] readers =
        [
            () => ManifestHead.Parse(document, "x").ResolveMediaType(),
            () => Manifest.Parse(document, "x").ToJson(),
            () => ImageIndex.Parse(document, "x").Select(Platform.Current),
            () => ImageConfig.Parse(document, "x").ToJson(),
            () => Reference.TryParse(Encoding.UTF8.GetString(document.AsSpan(0, Math.Min(document.Length, 300))), out _),
        ];
        var any = false;
        foreach (var reader in readers.SkipLast(1))
        {
            try
            {
                reader();
                any = true;
            }
            catch (SuiteException)
            {
            }
        }

        readers[^1]();
        return any;
    }

    private static byte[] Change(Random random, byte[] document)
    {
        var changed = document.ToList();
        for (var times = random.Next(1, 6); times > 0 && changed.Count > 0; times--)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(5))
            {
                case 0: changed[at] = (byte)random.Next(256); break;
                case 1: changed.RemoveRange(at, random.Next(Math.Min(40, changed.Count - at))); break;
                case 2: changed.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)])); break;
                case 3: changed.InsertRange(at, changed.GetRange(at, random.Next(Math.Min(60, changed.Count - at)))); break;
                default: changed.RemoveRange(at, changed.Count - at); break;
            }
        }

        return [.. changed];
    }
}
