namespace Suite.Image.Builds;

/// <summary>One instruction of one stage.</summary>
/// <param name="Number">From 1, in the file's order among the stages that are built.</param>
/// <param name="Stage">Its title; with several platforms, the platform before it.</param>
internal sealed record BuildStep(int Number, int Count, string Stage, int Line, string Text);

/// <summary>Something that builds, and probably not as its author means it.</summary>
/// <param name="Rule">By BuildKit's name.</param>
internal sealed record BuildWarning(string Rule, int Line, string Message, string Url);

/// <summary>Who hears of a build. Several stages may tell at the same time.</summary>
internal interface IBuildReport
{
    Task BegunAsync(BuildStep step);

    Task EndedAsync(BuildStep step, bool cached, TimeSpan took);

    Task PrintedAsync(BuildStep step, ReadOnlyMemory<byte> data, bool isError);

    Task WarnedAsync(BuildWarning warning);
}
