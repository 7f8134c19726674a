using Suite.Linux.Errors;

namespace Suite.Image.Pulls;

/// <summary>What came of a layer is wrong, and where it came from is not where the next attempt takes it from.</summary>
internal sealed class WorthlessBytesException(SuiteException why) : Exception(why.Message, why);
