# What is seen: tables, lists, messages. And what never is.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Views' {
    BeforeAll {
        $file = New-UserFile
        function Get-Local([datetime] $Utc) {
            [datetime]::SpecifyKind($Utc, 'Utc').ToLocalTime().ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
        }
    }

    It 'show users as a table' {
        Get-PgEdgeUser -Path $file | Get-Screen | Should -Be @(
            'Username Created          Last Login       Status   Annotation'
            '-------- -------          ----------       ------   ----------'
            "alice    $(Get-Local '2024-10-30 10:15') $(Get-Local '2024-11-14 09:30') Enabled  Developer"
            "bob      $(Get-Local '2024-10-15 14:20') Never            Enabled  Admin"
            "charlie  $(Get-Local '2024-09-01 08:00') $(Get-Local '2024-10-10 16:45') Disabled Former emp"
        )
    }

    It 'show a user as a list' {
        Get-PgEdgeUser charlie -Path $file | Format-List | Get-Screen | Should -Be @(
            'Username       : charlie'
            'Status         : Disabled'
            "CreatedAt      : $(Get-Local '2024-09-01 08:00')"
            "LastLogin      : $(Get-Local '2024-10-10 16:45')"
            'FailedAttempts : 3'
            'Annotation     : Former emp'
            "Path           : $file"
        )
    }

    It 'show that a password comes with a user, and not the password' {
        $user = New-PgEdgeUser dora -GeneratePassword -Path (New-UserFile)

        $user | Get-Screen | Select-Object -Last 1 | Should -Match '^dora .* \*{8}$'
        $user | Format-List | Get-Screen | Should -Contain 'GeneratedPassword : ********'
    }

    It 'show control characters of the file in names, notes, errors and questions' {
        $odd = New-UserFile
        (Get-Content $odd -Raw).Replace('    bob:', '    "b\e[31mob":').Replace('Developer', '"\e]0;title\a\u202E"') | Set-Content $odd -NoNewline

        $screen = & {
            Get-PgEdgeUser -Path $odd
            Get-PgEdgeUser -Path $odd | Format-List
            Get-PgEdgeUser -Path $odd | Format-Wide
            Test-PgEdgeUserFile $odd -MinimumSeverity Information | Format-List
            New-PgEdgeSession (New-Login "no`e[31mbody`nhere" 'plum violin orbit ladder') -Path $odd
            Get-PgEdgeAuditEvent -Path $odd | Format-List
            "$(Get-PgEdgeAuditEvent -Path $odd)"
            Disable-PgEdgeUser "b`e[31mob" -Path $odd -Verbose -WhatIf
            Get-PgEdgeUser "no`e[31mbody" -Path $odd
        } *>&1 | Get-Screen

        ($screen -match '\\u\{1B\}\[31m').Count | Should -BeGreaterOrEqual 8
        $screen -join '' | Should -Not -Match '[\p{Cc}\p{Cf}]'
    }

    It 'show control characters of a path' -Skip:$IsWindows {
        $odd = New-UserFile "e`e[31mv`ail`u{202E}.yaml"
        $login = New-Login alice $Passwords.alice

        foreach ($shown in { Get-PgEdgeUser }, { Get-PgEdgeUserFile }, { Test-PgEdgeUserFile }, { New-PgEdgeSession $login }, { Get-PgEdgeSession }, { Get-PgEdgeAuditEvent }) {
            $env:PGEDGE_AUTH_USER_FILE = $odd
            try {
                $screen = (& $shown | Format-List | Get-Screen) -replace '^\s+' -join ''
            }
            finally {
                Remove-Item env:PGEDGE_AUTH_USER_FILE
            }

            $screen | Should -Match 'e\\u\{1B\}\[31mv\\u\{7\}il\\u\{202E\}\.yaml'
            $screen | Should -Not -Match '[\p{Cc}\p{Cf}]'
        }
    }
}

Describe 'The colour of a disabled user' {
    BeforeAll {
        $file = New-UserFile
        $yellow = "`e[33mDisabled`e[0m"

        # What pwsh shows at a terminal, which only script of util-linux gives to one that has none.
        function Get-TerminalScreen([string] $Command, [string] $NoColor = '-u NO_COLOR') {
            if (-not ($IsLinux -and (Get-Command script -CommandType Application -ErrorAction Ignore))) {
                Set-ItResult -Skipped -Because 'there is no script of util-linux to give pwsh a terminal'
            }
            $code = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes("Import-Module '$ModulePath'; $Command"))
            script -qec "exec env $NoColor TERM=xterm pwsh -NoProfile -EncodedCommand $code" /dev/null | Out-String
        }
    }

    It 'is there at a terminal, in tables and lists' {
        $screen = Get-TerminalScreen "Get-PgEdgeUser -Path '$file'; Get-PgEdgeUser charlie -Path '$file' | Format-List"

        [regex]::Matches($screen, [regex]::Escape($yellow)).Count | Should -Be 2
        $screen | Should -Match 'Enabled  Developer'
    }

    It 'is not there where <Name>' -ForEach @(
        @{ Name = 'NO_COLOR is set'; NoColor = 'NO_COLOR=1'; Command = '{0}' }
        @{ Name = 'PowerShell is told to write plain text'; NoColor = '-u NO_COLOR'; Command = '$PSStyle.OutputRendering = "PlainText"; {0}' }
        @{ Name = 'the output goes to text'; NoColor = '-u NO_COLOR'; Command = '{0} | Out-String | ForEach-Object {{ [Console]::Write($_) }}' }
    ) {
        $screen = Get-TerminalScreen ($Command -f "Get-PgEdgeUser -Path '$file'") $NoColor

        $screen | Should -Match '(?m)^charlie [^\e]+ Disabled Former emp'
    }

    It 'is not there where the output is redirected' {
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; `$PSStyle.OutputRendering = 'Ansi'; Get-PgEdgeUser -Path '$file'" | Out-String | Should -Match '(?m)^charlie [^\e]+ Disabled Former emp'
    }
}

Describe 'Errors' {
    BeforeAll {
        $file = New-UserFile
        $bad = New-UserFile
        Set-Content $bad "users:`n`talice: {}"
    }

    It '<Id>: <Command>' -ForEach @(
        @{ Id = 'UserNotFound,PgEdgeUsers.Commands.GetPgEdgeUserCommand'; Category = 'ObjectNotFound'; Command = { Get-PgEdgeUser dora -Path $file } }
        @{ Id = 'UserNotFound,PgEdgeUsers.Commands.RemovePgEdgeUserCommand'; Category = 'ObjectNotFound'; Command = { Remove-PgEdgeUser dora -Path $file } }
        @{ Id = 'UserExists,PgEdgeUsers.Commands.NewPgEdgeUserCommand'; Category = 'ResourceExists'; Command = { New-PgEdgeUser alice -Path $file } }
        @{ Id = 'InvalidUsername,PgEdgeUsers.Commands.NewPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { New-PgEdgeUser 'a b' -Path $file } }
        @{ Id = 'InvalidAnnotation,PgEdgeUsers.Commands.SetPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { Set-PgEdgeUser alice -Note "a`nb" -Path $file } }
        @{ Id = 'PasswordRejected,PgEdgeUsers.Commands.SetPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { Set-PgEdgeUser alice -Password (New-Secret 'short') -Path $file } }
        @{ Id = 'PlainTextPassword,PgEdgeUsers.Commands.SetPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { Set-PgEdgeUser alice -Password 'plain' -Path $file } }
        @{ Id = 'AuthenticationFailed,PgEdgeUsers.Commands.NewPgEdgeSessionCommand'; Category = 'AuthenticationError'; Command = { New-PgEdgeSession (New-Login alice 'wrong') -Path $file } }
        @{ Id = 'UserFileInvalid,PgEdgeUsers.Commands.GetPgEdgeUserCommand'; Category = 'InvalidData'; Command = { Get-PgEdgeUser -Path $bad } }
        @{ Id = 'UserFileNotFound,PgEdgeUsers.Commands.GetPgEdgeUserCommand'; Category = 'ObjectNotFound'; Command = { Get-PgEdgeUser -Path "$file.no" } }
        @{ Id = 'InvalidUserFilePath,PgEdgeUsers.Commands.GetPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { Get-PgEdgeUser -Path env:PATH } }
        @{ Id = 'InvalidUserFilePath,PgEdgeUsers.Commands.GetPgEdgeUserCommand'; Category = 'InvalidArgument'; Command = { Get-PgEdgeUser -Path $TestDrive } }
    ) {
        $ErrorActionPreference = 'Stop'

        $failure = try { & $Command } catch { $_ }

        $failure.FullyQualifiedErrorId | Should -Be $Id
        $failure.CategoryInfo.Category | Should -Be $Category
        "$failure" | Should -Not -BeNullOrEmpty
    }
}
