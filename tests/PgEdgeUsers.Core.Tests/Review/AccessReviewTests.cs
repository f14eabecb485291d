using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Review;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Review;

public sealed class AccessReviewTests : IDisposable
{
    private static readonly DateTime Today = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly ReviewCriteria Criteria =
        new(Today, Today.AddDays(-90), TimeSpan.FromDays(90), TimeSpan.FromDays(365));

    private readonly AccountFile _file = new();
    private UserHistory _history = UserHistory.Empty;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(true, 89, false)]
    [InlineData(true, 90, true)]
    [InlineData(false, 900, false)]
    public void A_user_that_may_sign_in_but_has_not_for_the_given_time_is_inactive(
        bool enabled, int days, bool isInactive)
    {
        _file.Update("alice", user => user with { Enabled = enabled, LastLogin = Today.AddDays(-days) });

        Assert.Equal(isInactive, Alice().Has(ReviewFindingKind.Inactive));
    }

    [Theory]
    [InlineData(89, ReviewFindingKind.NeverSignedIn, FindingSeverity.Information)]
    [InlineData(90, ReviewFindingKind.Inactive, FindingSeverity.Warning)]
    public void A_user_that_never_signed_in_is_inactive_from_the_given_time_after_its_creation(
        int days, ReviewFindingKind kind, FindingSeverity severity)
    {
        _file.Update("alice", user => user with { CreatedAt = Today.AddDays(-days) });

        var finding = Assert.Single(Alice().Findings, finding => finding.Text == "Never signed in");
        Assert.Equal((kind, severity), (finding.Kind, finding.Severity));
    }

    [Theory]
    [InlineData(364, null)]
    [InlineData(365, "Password 365 days old")]
    public void A_password_is_old_from_the_given_age(int days, string? text)
    {
        using var line = new MemoryStream();
        HistoryLine.Write(line, PasswordFingerprint.Of(AccountFile.Hash), Today.AddDays(-days));
        _history = new UserHistory([line.ToArray()]);

        Assert.Equal(text, Alice().Findings.FirstOrDefault(f => f.Kind == ReviewFindingKind.OldPassword)?.Text);
        Assert.False(Alice().Has(ReviewFindingKind.UnknownPasswordAge));
        Assert.Equal(Today.AddDays(-days), Alice().PasswordLastSet);
    }

    [Fact]
    public void A_password_that_another_program_set_has_an_unknown_age()
    {
        Assert.Contains(Alice().Findings, finding => finding.Text == "Password age unknown");
        Assert.Null(Alice().PasswordLastSet);
    }

    [Fact]
    public void A_hash_without_a_password_has_no_age_but_a_warning()
    {
        _file.Update("alice", user => user with { PasswordHash = "x" });

        Assert.Equal("No usable password", Alice().Findings[0].Text);
        Assert.True(Alice().HasWarning);
        Assert.False(Alice().Has(ReviewFindingKind.UnknownPasswordAge));
    }

    [Fact]
    public void A_weak_hash_and_a_lockout_are_findings()
    {
        _file.Update("alice", user => user with { Enabled = false, FailedAttempts = 5 });

        Assert.Equal(
            [
                "Weak password hash (cost 4)", "Never signed in", "Password age unknown",
                "Locked out (5 failed sign-ins)",
            ],
            Alice().Findings.Select(finding => finding.Text));
    }

    [Fact]
    public void Each_of_several_names_that_look_alike_names_the_others()
    {
        var text = File.ReadAllText(_file.Path);
        File.AppendAllText(_file.Path, text["users:\n".Length..].Replace("alice", "Alice", StringComparison.Ordinal));

        var texts = Create().Users.Select(user => user.Findings.Single(f => f.Kind == ReviewFindingKind.Name).Text);
        Assert.Equal(["Looks like 'alice'", "Looks like 'Alice'"], texts);
    }

    [Fact]
    public void Lists_the_changes_since_a_date_but_no_sign_ins_and_nothing_that_was_refused()
    {
        AuditEvent Event(int days, AuditEventKind kind, bool success = true) => new(
            Today.AddDays(-days), kind, "alice", success, "", "test 1", "carla", _file.Path);
        new AuditLog(_file.AuditPath).Append(
        [
            Event(91, AuditEventKind.UserAdded),
            Event(90, AuditEventKind.UserDisabled),
            Event(9, AuditEventKind.SignIn),
            Event(8, AuditEventKind.SessionEnded),
            Event(7, AuditEventKind.PasswordSet, success: false),
            Event(6, AuditEventKind.Lockout, success: false),
            Event(5, AuditEventKind.ExternalChange),
        ]);

        var review = Create(new AuditLog(_file.AuditPath));

        Assert.Equal(
            [AuditEventKind.UserDisabled, AuditEventKind.Lockout, AuditEventKind.ExternalChange],
            review.Changes.Select(e => e.Event));
        Assert.Equal(Today.AddDays(-91), review.RecordedSince);
    }

    [Fact]
    public void Without_an_audit_file_the_changes_are_unknown()
    {
        Assert.Null(Create().RecordedSince);
        Assert.Empty(Create().Changes);
    }

    [LinuxFact]
    public void Shows_findings_about_the_file_that_should_be_acted_on()
    {
        Machine.SetMode(_file.Path, 0b110_100_100);

        Assert.Contains(Create().FileFindings, finding => finding.Kind == FindingKind.ModeTooWide);
    }

    private ReviewedUser Alice() => Create().Users.Single();

    private AccessReview Create(AuditLog? audit = null) => AccessReview.Create(
        new UserFileLocation(_file.Path, "a test"), _file.File.Read(), _history, audit, Criteria);
}
