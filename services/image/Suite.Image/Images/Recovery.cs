using Suite.Image.Archives;
using Suite.Image.Blobs;
using Suite.Image.Builds;
using Suite.Image.Graph.Drivers;
using Suite.Image.Layers;
using Suite.Image.Records;
using Suite.Image.RootFilesystems;
using Suite.Linux.Errors;

namespace Suite.Image.Images;

/// <summary>Brings disk and database together before the first call: what a killed process left half made goes.</summary>
internal sealed class Recovery(IGraphDriver driver, BlobStore blobs, ImageDatabase database, RootfsStore roots, LayerStore layers, BuildRecovery builds, ImageLoad loads, DamageCheck damage)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        driver.Recover();
        loads.Recover();
        await roots.RecoverAsync(cancellationToken).ConfigureAwait(false);
        await builds.RunAsync(cancellationToken).ConfigureAwait(false);
        await damage.RunAsync(cancellationToken).ConfigureAwait(false);
        await layers.CollectAsync(cancellationToken).ConfigureAwait(false);

        var known = database.Read(s => s.Query("SELECT driver_id FROM layers", r => r.GetString(0))).ToHashSet();
        foreach (var id in driver.ListLayers().Except(known).ToArray())
        {
            try
            {
                driver.RemoveLayer(id);
            }
            catch (SuiteException e) when (e.Kind == ErrorKind.FailedPrecondition)
            {
                // Damaged, replaced by a new pull, and a root stands on it that was not prepared since: it goes at the start after that root.
            }
        }

        blobs.Recover(database.Read(s => s.Query("SELECT blob FROM image_layers UNION SELECT blob FROM build_cache WHERE blob IS NOT NULL", r => r.GetString(0))).ToHashSet());
    }
}
