# What the cmdlets record in the audit file.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $login = New-Login alice
    $wrong = New-Secret 'not the right password'
    $new = New-Secret $Passwords.new

    # The events as text: what, who, whether it succeeded, and why.
    function Get-Event {
        Get-PgEdgeAuditEvent -Path $file |
            ForEach-Object { "$($_.Event) $($_.Username) $($_.Success) $($_.Reason)".TrimEnd() }
    }
}

Describe 'The audit' {
    BeforeEach {
        $file = New-UserFile
        $audit = "$file.audit.jsonl"
    }

    It 'records every change of an account' {
        $null = New-PgEdgeUser dora -Password $new -Path $file
        Set-PgEdgeUser dora -Password $new -Annotation 'Night shift' -Path $file
        Set-PgEdgeUser dora -Annotation '' -Path $file
        'dora', 'bob' | Disable-PgEdgeUser -Path $file
        Enable-PgEdgeUser dora -Path $file
        Remove-PgEdgeUser dora -Path $file -Confirm:$false

        Get-Event | Should -Be @(
            'UserAdded dora True', 'PasswordSet dora True', 'AnnotationSet dora True', 'AnnotationSet dora True'
            'UserDisabled dora True', 'UserDisabled bob True', 'UserEnabled dora True', 'UserRemoved dora True')
    }

    It 'records every sign-in, refusal, lockout and end of a session' {
        $null = New-PgEdgeSession $login -Path $file
        $session = New-PgEdgeSession $login -MaxSessions 1 -Path $file
        $session | Remove-PgEdgeSession
        $null = New-PgEdgeSession $login -Path $file
        New-PgEdgeSession -Username nobody -Password $wrong -Path $file -ErrorAction Ignore
        1..2 | ForEach-Object {
            New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -ErrorAction Ignore
        }
        New-PgEdgeSession $login -Path $file -ErrorAction Ignore

        Get-Event | Should -Be @(
            'SignIn alice True', 'SignIn alice True', 'SessionEnded alice True too many sessions',
            'SessionEnded alice True log-out'
            'SignIn alice True', 'SignIn nobody False UnknownUser', 'SignIn alice False WrongPassword',
                'SignIn alice False WrongPassword'
            'Lockout alice True too many failed sign-ins', 'SessionEnded alice True lockout',
                'SignIn alice False AccountDisabled')
    }

    It 'records the annotation and the status before and after a change of them' {
        Set-PgEdgeUser alice -Annotation 'Night shift' -Path $file
        Set-PgEdgeUser alice -Annotation '' -Password $new -Path $file
        Disable-PgEdgeUser alice -Path $file
        Enable-PgEdgeUser alice -Path $file
        1..2 | ForEach-Object {
            New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -ErrorAction Ignore
        }
        Remove-PgEdgeUser alice -Confirm:$false -Path $file

        $changes = Get-PgEdgeAuditEvent -Path $file | Where-Object { $null -ne $_.OldValue -or $null -ne $_.NewValue }
        $changes | ForEach-Object { "$($_.Event): $($_.OldValue) -> $($_.NewValue)" } | Should -BeExactly @(
            'AnnotationSet: Developer -> Night shift', 'AnnotationSet: Night shift -> '
            'UserDisabled: Enabled -> Disabled', 'UserEnabled: Disabled -> Enabled'
            'Lockout: Enabled -> Disabled')
    }

    It 'records the value of -Reason, after the cause if the event has one' {
        $session = New-PgEdgeSession $login -Path $file
        $null = New-PgEdgeSession $login -Path $file
        $session | Remove-PgEdgeSession -Reason 'Lost laptop'
        Disable-PgEdgeUser alice -Reason 'Ticket 4711' -Path $file

        Get-Event | Should -Be @(
            'SignIn alice True', 'SignIn alice True', 'SessionEnded alice True log-out: Lost laptop'
            'UserDisabled alice True Ticket 4711', 'SessionEnded alice True account changed: Ticket 4711')
    }

    It 'records only what changed: <Command>' -ForEach @(
        @{
            Command = { Set-PgEdgeUser charlie -Password $new -Annotation 'Former emp' -Path $file }
            Recorded = 'PasswordSet charlie True'
        }
        @{
            Command = { Set-PgEdgeUser charlie -GeneratePassword -Annotation 'Former emp' -Path $file }
            Recorded = 'PasswordSet charlie True'
        }
        @{ Command = { Disable-PgEdgeUser charlie, alice -Path $file }; Recorded = 'UserDisabled alice True' }
        @{ Command = { Enable-PgEdgeUser bob, charlie -Path $file }; Recorded = 'UserEnabled charlie True' }
        @{
            Command = { Enable-PgEdgeUser mallory -Path $file }
            Recorded = 'UserEnabled mallory True was enabled; failed attempts cleared'
        }
    ) {
        $mallory = "    mallory:`n        username: mallory`n        enabled: true`n        failed_attempts: 2`n"
        Set-UserFile $file ((Get-Text $file) + $mallory)

        $null = & $Command

        Get-Event | Should -Be $Recorded
    }

    It 'records nothing if nothing changes, and warns of nothing: <_>' -ForEach @(
        { Disable-PgEdgeUser charlie -Path $file }
        { Enable-PgEdgeUser alice -Path $file }
        { Set-PgEdgeUser charlie -Annotation 'Former emp' -Path $file }
        { Disable-PgEdgeUser alice -WhatIf -Path $file }
        { Disable-PgEdgeUser nobody -Path $file }
        { New-PgEdgeUser alice -Password $new -Path $file }
        { 'alice', 'nobody' | Disable-PgEdgeUser -Path $file -ErrorAction Stop }
        { Get-PgEdgeUser -Path $file; Get-PgEdgeSession -Path $file; Remove-PgEdgeSession -All -Path $file }
    ) {
        (Invoke-Script $_).Warnings | Should -BeNullOrEmpty

        $audit | Should -Not -Exist
        Test-Untouched $file | Should -BeTrue
    }

    It 'goes to the file that -AuditPath names, otherwise to the one that the environment names' {
        $env:PGEDGE_AUTH_AUDIT_FILE = "$file.by-environment.jsonl"
        try {
            Disable-PgEdgeUser alice -Path $file
            Disable-PgEdgeUser bob -AuditPath "$file.by-parameter.jsonl" -Path $file

            $audit | Should -Not -Exist
            (Get-PgEdgeAuditEvent -Path $file).Username | Should -Be alice
            (Get-PgEdgeAuditEvent -AuditPath "$file.by-parameter.jsonl" -Path $file).Username | Should -Be bob
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_AUDIT_FILE
        }
    }

    It 'goes to the file that the environment names relative to the current location' {
        $env:PGEDGE_AUTH_AUDIT_FILE = 'here.jsonl'
        Push-Location (Split-Path $file)
        try {
            Disable-PgEdgeUser alice -Path $file
            Join-Path (Split-Path $file) here.jsonl | Should -Exist

            (Get-PgEdgeAuditEvent -Path $file).Username | Should -Be alice
        }
        finally {
            Pop-Location
            Remove-Item env:PGEDGE_AUTH_AUDIT_FILE
        }
    }

    It 'is turned off by the environment, unless -AuditPath is given' {
        $env:PGEDGE_AUTH_AUDIT_FILE = 'off'
        try {
            Disable-PgEdgeUser alice -Path $file
            New-PgEdgeSession $login -Path $file -ErrorAction Ignore
            $audit | Should -Not -Exist
            (Invoke-Script { Get-PgEdgeAuditEvent -Path $file }).Warnings |
                Should -Match ([regex]::Escape("`$env:PGEDGE_AUTH_AUDIT_FILE is 'off'"))

            Enable-PgEdgeUser alice -AuditPath "$file.other.jsonl" -Path $file
            Get-Content "$file.other.jsonl" | Should -HaveCount 1
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_AUDIT_FILE
        }
    }

    It 'is left out with -NoAudit' {
        Disable-PgEdgeUser alice -NoAudit -Path $file
        New-PgEdgeSession $login -NoAudit -Path $file -ErrorAction Ignore
        New-PgEdgeSession (New-Login bob) -NoAudit -Path $file | Remove-PgEdgeSession -NoAudit

        $audit | Should -Not -Exist
    }

    It 'shows names with their control characters made visible' {
        $name = "eve`e[2J`r`nUserAdded root"

        New-PgEdgeSession -Username $name -Password $wrong -Path $file -ErrorAction Ignore

        (Get-PgEdgeAuditEvent -Path $file).Username | Should -Be $name
        $screen = Get-PgEdgeAuditEvent -Path $file | Out-String -Width 200
        $screen | Should -Match 'eve\\u\{1B\}\[2J\\u\{D\}'
        $screen | Should -Not -Match "`e\[2J"
    }
}

Describe 'An audit file that cannot be written' {
    BeforeEach {
        $file = New-UserFile
        $audit = "$file.audit.jsonl"
    }

    It 'refuses a change, which is made with -NoAudit' {
        $null = New-Item $audit -ItemType Directory

        (Invoke-Script { Set-PgEdgeUser alice -Annotation Lead -Path $file }).Failures | Should -Be "AuditFailed: $file"
        Test-Untouched $file | Should -BeTrue

        (Set-PgEdgeUser alice -Annotation Lead -PassThru -NoAudit -Path $file).Annotation | Should -Be Lead
    }

    It 'does not stop a sign-in' {
        $result = Invoke-Script { New-PgEdgeSession $login -AuditPath "$TestDrive/no/audit.jsonl" -Path $file }

        $result.Output.Username | Should -Be alice
        $result.Warnings | Should -HaveCount 1
        $result.Warnings | Should -Match 'could not be written'
    }

    It 'is an error if it is the user file: <Command>' -ForEach @(
        @{
            Command = { Set-PgEdgeUser alice -Annotation Lead -AuditPath $file -Path $file }
            Cmdlet = 'SetPgEdgeUser'
        }
        @{ Command = { New-PgEdgeSession $login -AuditPath $file -Path $file }; Cmdlet = 'NewPgEdgeSession' }
    ) {
        $result = Invoke-Script $Command

        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be "AuditFailed,PgEdgeUsers.Commands.$($Cmdlet)Command"
        $result.Errors.CategoryInfo.Category | Should -Be WriteError
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'is an error before anything is done if it is not in the file system: <Command>' -ForEach @(
        @{ Command = { Disable-PgEdgeUser alice -AuditPath Env:\audit -Path $file }; Cmdlet = 'DisablePgEdgeUser' }
        @{
            Command = { Disable-PgEdgeUser alice -AuditPath no-such-drive:\audit -Path $file }
            Cmdlet = 'DisablePgEdgeUser'
        }
        @{ Command = { New-PgEdgeSession $login -AuditPath Variable:audit -Path $file }; Cmdlet = 'NewPgEdgeSession' }
    ) {
        $failure = (Invoke-Script $Command).Errors

        $failure.FullyQualifiedErrorId | Should -Be "InvalidUserFilePath,PgEdgeUsers.Commands.$($Cmdlet)Command"
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
        Test-Untouched $file | Should -BeTrue
    }
}
