using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Layers;
using Suite.Image.Pulls;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Stages;

/// <summary>Images that builds begin with or copy from: here already, or pulled.</summary>
internal sealed class BaseImages(ImageDatabase database, Puller puller, ShortNames names, LayerStore layers)
{
    /// <summary>The image, with its layers held until the build has ended.</summary>
    public async Task<ImageRecord> GetAsync(BuildSession session, Instruction at, string name, Platform platform, CancellationToken cancellationToken)
    {
        try
        {
            var here = session.Options.Pull ? null : database.Read(s => ImageFinder.Find(s, names.Here(name)));
            if (here is null || !platform.Accepts(PlatformOf(here)))
            {
                here = (await names.TryAsync(
                    name, reference => puller.PullAsync(reference, session.Options.Credentials(reference, name), platform, static _ => { }, cancellationToken)).ConfigureAwait(false)).Image;
            }

            await HoldAsync(session, here, cancellationToken).ConfigureAwait(false);
            return here;
        }
        catch (SuiteException e) when (e is not BuildException)
        {
            throw at.Failed(e.Kind, e.Message, e);
        }
    }

    private static Platform PlatformOf(ImageRecord image) => new() { Os = image.Config.Os, Architecture = image.Config.Architecture, Variant = image.Config.Variant };

    private async Task HoldAsync(BuildSession session, ImageRecord image, CancellationToken cancellationToken)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            session.Keep(await layers.AcquireAsync(
                [.. image.Layers.Take(i).Select(l => (l.DiffId, l.DriverId))], image.Layers[i].DiffId,
                static (_, _) => throw new SuiteException(ErrorKind.FailedPrecondition, "The base image was removed while it was built upon: build again."), cancellationToken).ConfigureAwait(false));
        }
    }
}
