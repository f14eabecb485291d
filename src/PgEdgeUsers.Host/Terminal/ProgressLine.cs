using System.Diagnostics;
using System.Management.Automation;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>Progress on the terminal's current line, which is as it was once anything else is written.</summary>
internal sealed class ProgressLine(ConsoleTerminal terminal)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _drawnAt;
    private bool _isShown;

    public void Show(ProgressRecord record)
    {
        if (!ConsoleTerminal.HasOutput)
        {
            return;
        }
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Erase();
            return;
        }
        if (_isShown && Stopwatch.GetElapsedTime(_drawnAt) < Interval)
        {
            return;
        }
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        var seconds = record.SecondsRemaining >= 0 ? $", {record.SecondsRemaining} s left" : "";
        terminal.Write($"\r{Fit($"{record.Activity}: {record.StatusDescription}{percent}{seconds}")}\e[K");
        _drawnAt = Stopwatch.GetTimestamp();
        _isShown = true;
    }

    public void Erase()
    {
        if (_isShown)
        {
            terminal.Write("\r\e[K");
            _isShown = false;
        }
    }

    /// <summary>A line that wrapped could not be erased.</summary>
    private string Fit(string text)
    {
        text = text.ReplaceLineEndings(" ");
        while (CellWidth.Of(text) >= terminal.Width)
        {
            text = text[..^1];
        }
        return text;
    }
}
