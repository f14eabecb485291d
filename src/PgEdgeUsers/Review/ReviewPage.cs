using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Review;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>
/// The HTML page of an access review. It loads nothing: style and script are part of it, and its content security
/// policy permits only these two, by their hashes. Without the script, everything can be read and printed.
/// </summary>
/// <param name="review">The review.</param>
internal sealed class ReviewPage(AccessReview review)
{
    /// <summary>The length to which names and annotations are truncated. The CSV file contains whole names.</summary>
    private const int MaxTextLength = 300;

    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    private readonly string _date = Local(review.Criteria.Time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Writes the page as UTF-8.</summary>
    public void Write(Stream stream)
    {
        using var html = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
        WriteHead(html);
        WriteFacts(html);
        WriteSummary(html);
        WriteUsers(html);
        WriteChanges(html);
        WriteFileFindings(html);
        WriteInstructions(html);
        html.Write($"<script>{Script}</script>\n</body>\n</html>\n");
    }

    private void WriteHead(StreamWriter html) => html.Write($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{Hash(Style)}';
        script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width">
        <title>Access review of {Text(review.Host)}, {_date}</title>
        <style>{Style}</style>
        </head>
        <body data-file="access-review-{Text(review.Host)}-{_date}.csv">
        <h1>Access review</h1>

        """);

    private void WriteFacts(StreamWriter html)
    {
        var servers = review.Servers.Count == 0
            ? "none is known to be using the file"
            : string.Join("; ", review.Servers);
        var zone = Local(review.Criteria.Time).ToString("zzz", CultureInfo.InvariantCulture);
        html.Write("<dl class=\"facts\">\n");
        Fact("User file", review.Location.Path);
        Fact("Host", review.Host);
        Fact("Running server", servers);
        Fact("Created", $"{Minute(review.Criteria.Time)} (times are UTC{zone})");
        Fact("By", review.Reviewer);
        Fact("Inactive", $"no sign-in for {Days(review.Criteria.InactiveFor)}");
        Fact("Old password", $"set {Days(review.Criteria.PasswordOlderThan)} ago or earlier");
        html.Write("</dl>\n");

        void Fact(string name, string value) =>
            html.Write($"<div><dt>{name}</dt><dd>{Text(value, int.MaxValue)}</dd></div>\n");
    }

    private void WriteSummary(StreamWriter html)
    {
        html.Write("<h2>Summary</h2>\n<ul class=\"numbers\">\n");
        Number("users", _ => true);
        Number("enabled", user => user.Account.Enabled);
        Number("disabled", user => !user.Account.Enabled);
        Number("inactive", user => user.Has(ReviewFindingKind.Inactive));
        Number("never signed in", user => user.Account.LastLogin is null);
        Number("old password", user => user.Has(ReviewFindingKind.OldPassword));
        Number("password age unknown", user => user.Has(ReviewFindingKind.UnknownPasswordAge));
        Number("with a warning", user => user.HasWarning);
        html.Write("</ul>\n<div class=\"charts\">\n");
        foreach (var chart in ReviewChart.Of(review))
            WriteChart(html, chart);
        html.Write("</div>\n<p class=\"legend\"><span class=\"on\"></span> enabled "
            + "<span class=\"off\"></span> disabled</p>\n");

        void Number(string label, Func<ReviewedUser, bool> isCounted) =>
            html.Write($"<li><b>{Count(review.Users.Count(isCounted))}</b> {label}</li>\n");
    }

    private static void WriteChart(StreamWriter html, ReviewChart chart)
    {
        var most = Math.Max(1, chart.Bars.Max(bar => bar.Enabled + bar.Disabled));
        html.Write($"<figure>\n<figcaption>{chart.Title}</figcaption>\n<table>\n");
        foreach (var bar in chart.Bars)
        {
            var (on, off) = (100.0 * bar.Enabled / most, 100.0 * bar.Disabled / most);
            html.Write(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><th scope="row">{bar.Label}</th>
                <td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="on" width="{on:0.##}" height="10"/>
                <rect class="off" x="{on:0.##}" width="{off:0.##}" height="10"/>
                </svg></td><td>{Count(bar.Enabled + bar.Disabled)}</td></tr>

                """));
        }

        html.Write("</table>\n</figure>\n");
    }

    private void WriteUsers(StreamWriter html)
    {
        html.Write($"""
            <h2>Users</h2>
            <div class="tools" hidden>
            <label>Filter <input type="search" id="filter" placeholder="name, annotation or finding"></label>
            <label><input type="checkbox" id="warnings"> only with a warning</label>
            <label><input type="checkbox" id="undecided"> only without a decision</label>
            <output id="shown"></output>
            <button type="button" id="save">Save decisions</button>
            </div>
            <table id="users" class="list">
            {Header("User", "Status", "Created", "Last sign-in", "Password set", "Annotation", "Findings", "Decision")}
            <tbody>

            """);
        foreach (var user in review.Users)
            WriteUser(html, user);
        html.Write("</tbody>\n</table>\n");
    }

    private static void WriteUser(StreamWriter html, ReviewedUser user)
    {
        var account = user.Account;
        var warnings = user.Findings.Count(finding => finding.Severity > FindingSeverity.Information);
        html.Write($"<tr data-name=\"{WebUtility.HtmlEncode(JsonSerializer.Serialize(account.Name))}\">"
            + $"<th scope=\"row\">{Text(account.Name)}</th>"
            + (account.Enabled ? "<td>Enabled</td>" : "<td class=\"disabled\">Disabled</td>")
            + $"<td>{Date(account.CreatedAt)}</td>"
            + $"<td>{Date(account.LastLogin)}</td>"
            + $"<td>{Date(user.PasswordLastSet)}</td>"
            + $"<td class=\"text\">{Text(account.Annotation)}</td>"
            + $"<td data-sort=\"{Count(warnings)}\">");
        foreach (var finding in user.Findings)
        {
            var isWarning = finding.Severity > FindingSeverity.Information;
            html.Write($"<span class=\"{(isWarning ? "warning" : "note")}\">{Text(finding.Text)}</span> ");
        }

        html.Write("</td><td class=\"decision\"></td></tr>\n");
    }

    private void WriteChanges(StreamWriter html)
    {
        html.Write($"<h2>Changes since {Day(review.Criteria.Since)}</h2>\n");
        if (review.RecordedSince is not { } start)
            html.Write("<p>There is no audit file with events of this user file, so changes are not known.</p>\n");
        else if (start > review.Criteria.Since)
            html.Write($"<p>The audit file begins on {Minute(start)}. Earlier changes are not known.</p>\n");
        if (review.Changes.Count == 0)
        {
            html.Write(review.RecordedSince is null ? "" : "<p>No changes were recorded.</p>\n");
            return;
        }

        html.Write($"""
            <table id="changes" class="list">
            {Header("Time", "User", "Event", "Change", "Actor", "Reason")}
            <tbody>

            """);
        foreach (var e in review.Changes)
        {
            html.Write($"<tr><td>{Minute(e.Time)}</td><th scope=\"row\">{Text(e.User)}</th><td>{e.Event}</td>"
                + $"<td class=\"text\">{ChangeOf(e)}</td><td>{Text(e.Actor)}</td>"
                + $"<td class=\"text\">{Text(e.Reason)}</td></tr>\n");
        }

        html.Write("</tbody>\n</table>\n");
    }

    private void WriteFileFindings(StreamWriter html)
    {
        if (review.FileFindings.Count == 0)
            return;
        html.Write("<h2>Findings about the user file</h2>\n<ul>\n");
        foreach (var finding in review.FileFindings)
            html.Write($"<li><span class=\"warning\">{finding.Kind}</span> {Text(finding.Message)}</li>\n");
        html.Write("</ul>\n");
    }

    private void WriteInstructions(StreamWriter html)
    {
        var path = review.Location.Path.Replace("'", "''", StringComparison.Ordinal);
        var command =
            $"Import-Csv decisions.csv | Sync-PgEdgeUser -Path '{path}' -Reason 'Access review {_date}' -WhatIf";
        html.Write($"""
            <section class="apply">
            <h2>Apply the decisions</h2>
            <p>Choose a decision for each user and save the decisions as a CSV file. In PowerShell on
            {Text(review.Host)}, this command shows what they would change. Without <code>-WhatIf</code>, it changes the
            users.</p>
            <pre>{Text(command, int.MaxValue)}</pre>
            <p>It disables and removes users, and never adds any. Users to keep, users without a decision, and users
            that were added after this review are not changed.</p>
            </section>

            """);
    }

    private static string ChangeOf(AuditEvent e) => e is { Old: { } old, New: { } @new }
        ? $"{(old.Length == 0 ? "(none)" : Text(old))} → {(@new.Length == 0 ? "(none)" : Text(@new))}"
        : "";

    private static string Text(string text, int maxLength = MaxTextLength) =>
        WebUtility.HtmlEncode(VisibleText.Of(VisibleText.Shortened(text, maxLength)));

    private static string Header(params string[] columns) =>
        $"<thead><tr>{string.Concat(columns.Select(name => $"<th scope=\"col\">{name}</th>"))}</tr></thead>";

    private static string Date(DateTime? time) => time is { } known
        ? $"<time datetime=\"{known.ToString("s", CultureInfo.InvariantCulture)}Z\">{Day(known)}</time>"
        : "";

    private static string Day(DateTime time) => Local(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Minute(DateTime time) =>
        Local(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static DateTime Local(DateTime time) => time.ToLocalTime();

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Days(TimeSpan span) => span.TotalDays is 1
        ? "1 day"
        : $"{span.TotalDays.ToString("0.##", CultureInfo.InvariantCulture)} days";

    private static string Hash(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"PgEdgeUsers.Review.{name}")!;
        using var reader = new StreamReader(stream);
        // HTML parsers normalize line breaks before a hash is computed.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
