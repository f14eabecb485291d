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

Describe 'Secrets' {
    It 'are in no transcript, no history, no error, no file' {
        $file = New-UserFile
        $transcript = Join-Path $TestDrive transcript.txt
        $script = Join-Path $TestDrive secrets.ps1
        $token = Join-Path $TestDrive token.txt
        Set-Content $script @'
param($module, $file, $transcript, $token)
$password = [System.Net.NetworkCredential]::new('', $env:SECRET).SecurePassword
$null = Start-Transcript $transcript
$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
$ErrorView = 'DetailedView'
Import-Module $module -Verbose:$false
Set-PgEdgeUser alice -Password $password -Path $file
$session = New-PgEdgeSession -Username alice -Password $password -Path $file
$session
$session | Format-List *
$session.Token
New-PgEdgeUser alice -Password $password -Path $file
New-PgEdgeUser dora -Password $env:SECRET -Path $file
[pscustomobject]@{ Username = 'erin'; Password = $env:SECRET } | New-PgEdgeUser -Path $file
New-PgEdgeSession -Username bob -Password $password -Path $file
New-PgEdgeSession -Username nobody -Password $password -Path $file
Get-PgEdgeUser -Path $file | Format-List *
$Error | Format-List * -Force
Get-History | Format-List *
$null = Stop-Transcript
$session.Token | ConvertFrom-SecureString -AsPlainText | Set-Content $token
'@
        $env:SECRET = 'umbrella-under-the-stairs'
        try {
            $screen = pwsh -NoProfile -NonInteractive -File $script $ModulePath $file $transcript $token *>&1 | Out-String
        }
        finally {
            Remove-Item env:SECRET
        }

        $screen | Should -Match AuthenticationFailed
        Get-Content $transcript -Raw | Should -Match AuthenticationFailed
        foreach ($secret in 'umbrella', [regex]::Escape((Get-Content $token))) {
            $screen | Should -Not -Match $secret
            Get-Content $transcript -Raw | Should -Not -Match $secret
            Get-ChildItem (Split-Path $file) -Force | Get-Content -Raw | Should -Not -Match $secret
        }
    }
}
