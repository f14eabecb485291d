using System.Management.Automation;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>
/// Writes the messages of a cmdlet. Characters that could control a terminal are made visible, because names and paths
/// come from files. Warnings can be held back until a change is complete, because with <c>-WarningAction Stop</c> a
/// warning ends the pipeline.
/// </summary>
internal sealed class CommandOutput(PSCmdlet cmdlet)
{
    private readonly HashSet<string> _once = new(StringComparer.Ordinal);
    private List<string>? _held;

    public void Verbose(string text) => cmdlet.WriteVerbose(VisibleText.Of(text));

    public void Warn(string text)
    {
        if (_held is { } held)
            held.Add(text);
        else
            cmdlet.WriteWarning(VisibleText.Of(text));
    }

    /// <summary>Writes a warning unless it has already been written.</summary>
    public void WarnOnce(string text)
    {
        if (_once.Add(text))
            Warn(text);
    }

    public void Error(ErrorRecord error) => cmdlet.WriteError(error);

    public void HoldWarnings() => _held ??= [];

    public void ReleaseWarnings()
    {
        var held = _held ?? [];
        _held = null;
        held.ForEach(Warn);
    }

    public void Progress(
        string activity, string status, int percent = -1, int secondsRemaining = -1, bool isCompleted = false) =>
        cmdlet.WriteProgress(new ProgressRecord(0, activity, VisibleText.Of(status))
        {
            PercentComplete = percent,
            SecondsRemaining = secondsRemaining,
            RecordType = isCompleted ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
}
