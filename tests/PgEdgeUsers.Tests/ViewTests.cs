using System.Globalization;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class ViewTests : ShellTest
{
    private string[] Lines => [.. Host.Screen.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    [Fact]
    public void Users_show_as_the_seeds_table()
    {
        Run("Get-PgEdgeUser -Path $file | Out-Default").Ok();

        Assert.Equal(
            [
                "Username Created          Last Login       Status   Annotation",
                "-------- -------          ----------       ------   ----------",
                $"alice    {Local(2024, 10, 30, 10, 15)} {Local(2024, 11, 14, 9, 30)} Enabled  Developer",
                $"bob      {Local(2024, 10, 15, 14, 20)} Never            Enabled  Admin",
                $"charlie  {Local(2024, 9, 1, 8, 0)} {Local(2024, 10, 10, 16, 45)} Disabled Former emp",
            ],
            Lines);
    }

    [Fact]
    public void A_generated_password_is_seen_to_be_there()
    {
        Run("Set-PgEdgeUser bob -GeneratePassword -Path $file -WarningAction Ignore | Out-Default").Ok();

        Assert.Equal(
            [
                "Username Created          Status   Annotation GeneratedPassword",
                "-------- -------          ------   ---------- -----------------",
                $"bob      {Local(2024, 10, 15, 14, 20)} Enabled  Admin      ********",
            ],
            Lines);
    }

    [Fact]
    public void A_deserialized_user_shows_the_same_and_can_be_piped_on()
    {
        Run("Get-PgEdgeUser -Path $file | Out-Default").Ok();
        var direct = Lines;

        var result = Run("""
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PgEdgeUser -Path $file), 3))
            $copy | Out-Default
            $copy[0].PSTypeNames[0]
            $copy | Where-Object Status -eq 'Enabled' | Disable-PgEdgeUser -PassThru -WarningAction SilentlyContinue
            """).Ok();

        Assert.Equal([.. direct, .. direct], Lines);
        Assert.Equal(["Deserialized.PgEdgeUsers.PgEdgeUser", "alice", "bob"], result.Texts);
        Assert.Equal(["false", "false", "false"], Store.Names.Select(name => Store.Field(name, "enabled")));
    }

    [Fact]
    public void Names_and_notes_cannot_drive_the_terminal_or_reorder_what_is_read()
    {
        Store.Write(Store.With("annotation: Developer", "annotation: \"red \\e[31m, \\u202Eeverse, two\\nlines\""));
        Store.Write(Store.With("    bob:", "    \"b\\e]0;o\\u200Bb\":"));

        var users = Run("$users = Get-PgEdgeUser -Path $file; $users | Out-Default; $users | ForEach-Object Annotation").Ok();

        Assert.Contains(@"red \u{1B}[31m, \u{202E}everse, two\u{A}lines", Host.Screen, StringComparison.Ordinal);
        Assert.Contains(@"b\u{1B}]0;o\u{200B}b", Host.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain(Host.Screen, c => c != '\n' && (char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format));
        Assert.Equal("red \e[31m, \u202Eeverse, two\nlines", users.Texts[0]);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser -Path $file -WhatIf")]
    [InlineData("Remove-PgEdgeUser -Path $file -WhatIf")]
    [InlineData("Disable-PgEdgeUser -Path $file -Verbose 4>&1 | ForEach-Object { \"$_\" } | Out-Default")]
    public void Neither_can_they_in_what_is_said_of_a_change(string change)
    {
        Store.Write(Store.With("    bob:", "    \"b\\e[31mo\\u202Eb\":"));

        Run($"'b*' | {change}").Ok();

        Assert.NotEmpty(Lines);
        Assert.DoesNotContain(Host.Screen, c => c != '\n' && (char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format));
    }

    [Fact]
    public void Neither_can_paths()
    {
        if (OperatingSystem.IsWindows())
            return;
        var odd = Path.Combine(Store.Folder, "e\e[31mv\ail\u202E.yaml");
        Define("odd", odd);
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        File.WriteAllText(odd, Store.With("username: bob", "username: Bob"));
        File.SetUnixFileMode(odd, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.WriteAllText(odd + ".broken", "users: [a]\n");
        Directory.CreateDirectory(odd + ".folder");

        // Each says the path, or shows it where there is room.
        string[] lines =
        [
            "Get-PgEdgeUser -Path $odd -Verbose > $null",
            "Get-PgEdgeUserFile $odd | Out-Default",
            "Get-PgEdgeUserFile \"$odd.broken\" > $null",
            "Get-PgEdgeUser -Path \"$odd.broken\"",
            "Get-PgEdgeUser -Path \"$odd.no\"",
            "Get-PgEdgeUser -Path \"nodrive:$odd\"",
            "New-PgEdgeUser dora -Path $odd -WhatIf",
            "Disable-PgEdgeUser alice -Path $odd -WhatIf",
            "Repair-PgEdgeUserFile $odd -WhatIf",
            "New-PgEdgeSession $login -Path $odd -WhatIf",
            "New-PgEdgeSession $login -NoAudit -Path $odd | Out-Default",
            "Remove-PgEdgeSession -All -Path $odd -WhatIf",
            "Get-PgEdgeAuditEvent -Path $odd",
            "Enable-PgEdgeUser charlie -Path $odd -AuditPath \"$odd.folder\"",
            "Repair-PgEdgeUserFile $odd -Verbose > $null",
        ];
        Assert.All(lines, line =>
        {
            var before = Host.Screen.Length;
            var result = Run(line);
            var shown = string.Join('\n', [Host.Screen[before..], .. result.Verbose, .. result.Warnings, .. result.Errors.Select(error => error.ToString())]);
            Assert.Contains(@"e\u{1B}[31mv\u{7}il\u{202E}.yaml", shown.ReplaceLineEndings(""), StringComparison.Ordinal);
            Assert.DoesNotContain(shown, c => c != '\n' && (char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format));
        });
    }

    [Fact]
    public void A_session_shows_its_times_and_no_token()
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));

        var session = Run("New-PgEdgeSession $login -Path $file | ForEach-Object { $_ | Out-Default; $_ }").Ok().Output[0]!;

        Assert.Equal(["Id", "Username", "Issued", "Expires", "Where"], Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var (issued, expires) = ((DateTime)session.Properties["IssuedAt"].Value, (DateTime)session.Properties["ExpiresAt"].Value);
        var id = (string)session.Properties["Id"].Value;
        Assert.Matches(string.Create(CultureInfo.InvariantCulture, $"^{id} alice +{issued:yyyy-MM-dd HH:mm} {expires:yyyy-MM-dd HH:mm} /"), Lines[2]);
    }

    private static string Local(int year, int month, int day, int hour, int minute) =>
        new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
